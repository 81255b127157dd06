import RoostLanguage

/// Computes locals and data sources in the order in which they need each other.
struct PackerNameResolver {
    private static let depthLimit = 200
    private let locals: [String: PackerLocal]
    private var data: PackerDataSources
    /// The scope with all names but those of locals and data sources.
    private let outer: HCLScope
    private var values: [PackerName: HCLValue] = [:]
    private var ownDiagnostics: [Diagnostic] = []
    /// Names that are being computed, outermost first.
    private var chain: [PackerName] = []

    init(locals: [String: PackerLocal], data: PackerDataSources, outer: HCLScope) {
        self.locals = locals
        self.data = data
        self.outer = outer
    }

    var diagnostics: [Diagnostic] { ownDiagnostics + data.diagnostics }

    /// By their names.
    var localValues: [String: HCLValue] {
        values.reduce(into: [:]) { result, entry in
            if case .local(let name) = entry.key { result[name] = entry.value }
        }
    }

    /// What all computed names are called in expressions.
    var scope: HCLScope {
        HCLScope(variables: ["local": .object(localValues), "data": dataValue], parent: outer)
    }

    mutating func resolve() {
        for name in allNames { _ = resolve(name) }
    }

    private var allNames: [PackerName] { locals.keys.map(PackerName.local).sorted() + data.blocks.keys.sorted() }

    private func range(_ name: PackerName) -> HCLRange? {
        switch name {
        case .local(let name): locals[name]?.range
        case .data: data.blocks[name]?.headerRange
        }
    }

    private func expressions(_ name: PackerName) -> [HCLExpression] {
        switch name {
        case .local(let name): locals[name].map { [$0.expression] } ?? []
        case .data: data.blocks[name]?.body.expressions ?? []
        }
    }

    private mutating func resolve(_ name: PackerName) -> HCLValue? {
        if let known = values[name] { return known }
        guard let range = range(name) else { return nil }
        if let start = chain.firstIndex(of: name) { return reportCycle(Array(chain[start...]) + [name], range) }
        guard chain.count < Self.depthLimit else { return reportDepth(name, range) }
        let needs = PackerNeeds(expressions(name))
        chain.append(name)
        let known = resolve(needs, of: name)
        chain.removeLast()
        // It was found to be in a circle.
        if let cyclic = values[name] { return cyclic }
        let result = compute(name, in: scope(known, needs))
        values[name] = result
        return result
    }

    /// The locals that are needed; data sources are computed beside them.
    private mutating func resolve(_ needs: PackerNeeds, of name: PackerName) -> [String: HCLValue] {
        var names = needs.names
        // An expression that takes all at once needs all of them.
        if needs.needsAllLocals { names += locals.keys.sorted().map(PackerName.local).filter { $0 != name } }
        if needs.needsAllData { names += data.blocks.keys.sorted().filter { $0 != name } }
        var known: [String: HCLValue] = [:]
        for needed in names {
            let value = resolve(needed)
            if case .local(let name) = needed { known[name] = value }
        }
        return known
    }

    private func scope(_ known: [String: HCLValue], _ needs: PackerNeeds) -> HCLScope {
        // All names matter only for the near ones of a name that does not exist.
        let isMisspelt = needs.names.contains { name in
            if case .local(let name) = name { locals[name] == nil } else { false }
        }
        let seen = isMisspelt ? known.merging(localValues) { value, _ in value } : known
        let needsData = needs.needsAllData || needs.names.contains { if case .data = $0 { true } else { false } }
        let variables: [String: HCLValue] = ["local": .object(seen), "data": needsData ? dataValue : .object([:])]
        return HCLScope(variables: variables, parent: outer)
    }

    /// All data sources by their types; those that are not computed yet are unknown.
    private var dataValue: HCLValue {
        var types: [String: [String: HCLValue]] = [:]
        for key in data.blocks.keys {
            if case .data(let type, let name) = key { types[type, default: [:]][name] = values[key] ?? .unknown() }
        }
        return .object(types.mapValues { .object($0) })
    }

    private mutating func compute(_ name: PackerName, in scope: HCLScope) -> HCLValue {
        guard case .local(let local) = name, let local = locals[local] else { return data.value(of: name, in: scope) }
        let (value, problems) = local.expression.value(in: scope)
        ownDiagnostics += problems
        return value.marked(local.isSensitive)
    }

    // MARK: Problems

    private mutating func reportCycle(_ names: [PackerName], _ range: HCLRange) -> HCLValue {
        let path = names.map(\.description).joined(separator: " → ")
        let isOfLocals = names.allSatisfy { if case .local = $0 { true } else { false } }
        ownDiagnostics.append(
            .hcl(
                "packer.cycle",
                isOfLocals ? "Locals depend on each other" : "Locals and data sources depend on each other",
                "None of them can be computed first: \(path).",
                range
            )
        )
        for name in names { values[name] = .unknown() }
        return .unknown()
    }

    private mutating func reportDepth(_ name: PackerName, _ range: HCLRange) -> HCLValue {
        ownDiagnostics.append(
            .hcl(
                "packer.too-deep",
                "Too many locals in a row",
                "Locals and data sources may need each other \(Self.depthLimit) deep.",
                range
            )
        )
        values[name] = .unknown()
        return .unknown()
    }
}
