-- The last position that each node's journal gave, moved in the transaction of the reads.
--
-- Way back: DROP TABLE node.

CREATE TABLE node (
    node INTEGER NOT NULL,
    position INTEGER NOT NULL,
    CONSTRAINT node_pk PRIMARY KEY (node)
) STRICT, WITHOUT ROWID;

INSERT INTO node (node, position) SELECT node, MAX(position) FROM read GROUP BY node;
