"""The review page: what `medlint serve` shows in a browser, on this machine alone.

`app` answers the browser and hands the work to `worker`, a process of its own that can be ended
when something takes too long. What the work is stands in `desk`; `wanted` reads what the page asks
for, `shown` words what it is given. `page/` are the files that the browser loads.
"""
