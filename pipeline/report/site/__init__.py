"""The report as a small static site: an index, and a page a chapter, state, claim and indicator.

It says what the single page says, from the same content model; charts and tables are the same
views. ``places`` knows where everything stands, ``pages`` renders, ``feeds`` makes feed and
sitemap, ``files`` writes. No link is absolute and none leaves the folder but to publishers, so that
any web server or folder serves it.
"""
