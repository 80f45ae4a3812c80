/* Every kind of panel, in the order of the manual. */
X(line)
X(stat)
X(table)
X(log)
X(map)
X(status)
X(section)
X(text)
