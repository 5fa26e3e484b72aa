-- change_listen: be told of changes on this connection
-- kind: read
-- columns: none       rows: 0
listen gatepost_change
