/// A node of an expression's tree.
///
/// ```
/// expr    := primary { '.' ident | '.' '*' | '[' (expr | '*') ']' }
/// primary := literal | named-value | ident '(' [ expr { ',' expr } ] ')'
/// ```
public struct ExpressionNode: Hashable, Sendable {
    /// What it is; ``property(_:_:)`` is `a.b`, which means the same as `a['b']`.
    public indirect enum Kind: Hashable, Sendable {
        case literal(Value)
        case name(String)
        case call(String, [ExpressionNode])
        case property(ExpressionNode, String)
        case index(ExpressionNode, ExpressionNode)
        /// `a.*` or `a[*]`.
        case wildcard(ExpressionNode)
    }

    public let kind: Kind
    /// Bytes of the expression's text; of a call or an index the whole, with its brackets.
    public let range: Range<Int>
    /// Unique in the expression, from 0; the place of its value in a trace.
    let id: Int

    /// The nodes right below, in the order of the text.
    public var children: [ExpressionNode] {
        switch kind {
        case .literal, .name: []
        case .call(_, let arguments): arguments
        case .property(let base, _), .wildcard(let base): [base]
        case .index(let base, let index): [base, index]
        }
    }

    /// Calls the closure with this node and then with every node below it, in the order of the text.
    public func forEach(_ body: (ExpressionNode) -> Void) {
        body(self)
        for child in children { child.forEach(body) }
    }

    /// The path `a.b['c']` spells when this node is a name followed by fixed keys, such as `["a", "b", "c"]`; nil otherwise.
    public var path: [String]? {
        switch kind {
        case .name(let name): return [name]
        case .property(let base, let name): return base.path.map { $0 + [name] }
        case .index(let base, let index):
            guard case .literal(let key) = index.kind, let text = key.text else { return nil }
            return base.path.map { $0 + [text] }
        case .literal, .call, .wildcard: return nil
        }
    }
}
