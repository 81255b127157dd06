import RoostLanguage

/// Computes locals in the order in which they need each other.
struct PackerLocalResolver {
    let locals: [String: PackerLocal]
    /// The scope with all names but those of locals.
    let outer: HCLScope
    private(set) var values: [String: HCLValue] = [:]
    private(set) var diagnostics: [Diagnostic] = []
    /// Locals that are being computed, outermost first.
    private var chain: [String] = []

    init(locals: [String: PackerLocal], outer: HCLScope) {
        self.locals = locals
        self.outer = outer
    }

    mutating func resolve() {
        for name in locals.keys.sorted() { _ = resolve(name) }
    }

    private mutating func resolve(_ name: String) -> HCLValue? {
        if let known = values[name] { return known }
        guard let local = locals[name] else { return nil }
        if let start = chain.firstIndex(of: name) { return reportCycle(Array(chain[start...]) + [name], local) }
        guard chain.count < 200 else { return reportDepth(local) }
        chain.append(name)
        let needed = Self.needed(by: local.expression)
        var known: [String: HCLValue] = [:]
        // An expression that takes all locals at once needs all of them.
        for other in needed.isWhole ? locals.keys.filter({ $0 != name }).sorted() : needed.names {
            known[other] = resolve(other)
        }
        chain.removeLast()
        if let cyclic = values[name] { return cyclic }
        // All names matter only for the near ones of a name that does not exist.
        let isMisspelt = needed.names.contains { locals[$0] == nil }
        let seen = isMisspelt ? known.merging(values) { value, _ in value } : known
        let scope = HCLScope(variables: ["local": .object(seen)], parent: outer)
        let (value, problems) = local.expression.value(in: scope)
        diagnostics += problems
        let result = value.marked(local.isSensitive)
        values[name] = result
        return result
    }

    private mutating func reportCycle(_ names: [String], _ local: PackerLocal) -> HCLValue {
        let path = names.map { "local.\($0)" }.joined(separator: " → ")
        diagnostics.append(
            .hcl(
                "packer.cycle",
                "Locals depend on each other",
                "None of them can be computed first: \(path).",
                local.range
            )
        )
        for name in names { values[name] = .unknown() }
        return .unknown()
    }

    private mutating func reportDepth(_ local: PackerLocal) -> HCLValue {
        diagnostics.append(
            .hcl("packer.too-deep", "Too many locals in a row", "Locals may need each other 200 deep.", local.range)
        )
        values[local.name] = .unknown()
        return .unknown()
    }

    private static func needed(by expression: HCLExpression) -> (names: [String], isWhole: Bool) {
        var (names, isWhole): ([String], Bool) = ([], false)
        for reference in expression.variables where reference.name == "local" {
            switch reference.steps.first?.form {
            case .attribute(let name): names.append(name)
            case .index(let key) where key.text != nil: names.append(key.textOrEmpty)
            default: isWhole = true
            }
        }
        return (names, isWhole)
    }
}
