/// Names and functions that an expression may use; names of an inner scope hide those of the outer ones.
public final class HCLScope: Sendable {
    /// Nil where variables are not allowed at all.
    public let variables: [String: HCLValue]?
    /// Nil where functions are not allowed at all.
    public let functions: [String: HCLFunction]?
    public let parent: HCLScope?

    public init(
        variables: [String: HCLValue]? = nil,
        functions: [String: HCLFunction]? = nil,
        parent: HCLScope? = nil
    ) {
        self.variables = variables
        self.functions = functions
        self.parent = parent
    }

    /// Where nothing but literals and operators is allowed.
    public static let constant = HCLScope()

    func variable(_ name: String) -> HCLValue? {
        var scope: HCLScope? = self
        while let current = scope {
            if let value = current.variables?[name] { return value }
            scope = current.parent
        }
        return nil
    }

    func function(_ name: String) -> HCLFunction? {
        var scope: HCLScope? = self
        while let current = scope {
            if let function = current.functions?[name] { return function }
            scope = current.parent
        }
        return nil
    }

    /// All names that can be seen; nil when variables are not allowed.
    var variableNames: [String]? {
        let own = variables.map { Array($0.keys) }
        guard let outer = parent?.variableNames else { return own?.sorted() }
        return ((own ?? []) + outer).sorted()
    }

    /// All functions that can be seen; nil when functions are not allowed.
    var functionNames: [String]? {
        let own = functions.map { Array($0.keys) }
        guard let outer = parent?.functionNames else { return own?.sorted() }
        return ((own ?? []) + outer).sorted()
    }
}
