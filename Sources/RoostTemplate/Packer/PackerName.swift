/// A name that is computed from an expression or a block, and that others may need.
enum PackerName: Hashable, Comparable, CustomStringConvertible {
    case local(String)
    case data(type: String, name: String)

    var description: String {
        switch self {
        case .local(let name): "local.\(name)"
        case .data(let type, let name): "data.\(type).\(name)"
        }
    }

    static func < (left: PackerName, right: PackerName) -> Bool { left.description < right.description }
}

/// Which names expressions speak of.
struct PackerNeeds {
    private(set) var names: [PackerName] = []
    /// They take all locals at once.
    private(set) var needsAllLocals = false
    /// They take all data sources, or all of a type, at once.
    private(set) var needsAllData = false

    init(_ expressions: [HCLExpression]) {
        for reference in expressions.flatMap(\.variables) {
            let steps = reference.steps.map { step in
                switch step.form {
                case .attribute(let name): name
                case .index(let key): key.text
                }
            }
            switch reference.name {
            case "local":
                if let name = steps.first ?? nil { names.append(.local(name)) } else { needsAllLocals = true }
            case "data":
                if steps.count > 1, let type = steps[0], let name = steps[1] {
                    names.append(.data(type: type, name: name))
                } else {
                    needsAllData = true
                }
            default: break
            }
        }
    }
}
