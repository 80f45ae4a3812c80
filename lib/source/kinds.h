/* Every kind of source, in the order of the manual. */
X(exec)
X(file)
X(http)
X(sql)
X(ssh)
