/* Every kind of file that a snapshot can be; the first is the default. */
X(html)
X(pdf)
X(zip)
X(png)
