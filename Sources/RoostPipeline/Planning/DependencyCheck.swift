import RoostLanguage

/// Checks what the stages of a run or the jobs of a stage wait for.
struct DependencyCheck {
    /// A stage or a job.
    struct Node {
        let name: String
        let place: SyntaxPlace
        /// Nil when the file says nothing.
        let dependsOn: [SyntaxScalar]?
        /// What it comes to with the defaults applied.
        var resolved: [String] = []
    }

    /// `stage` or `job`.
    let noun: String
    let log: DiagnosticLog
    /// Some nodes could not be evaluated, so an unknown name means nothing.
    let isPartial: Bool

    /// Fills in what each node waits for, in the spelling of the names; unknown names and cycles are reported.
    func resolve(_ nodes: inout [Node], followsPrevious: Bool) {
        let names = Dictionary(nodes.map { (foldedName($0.name), $0.name) }) { first, _ in first }
        for place in nodes.indices {
            guard let wanted = nodes[place].dependsOn else {
                if followsPrevious, place > 0 { nodes[place].resolved = [nodes[place - 1].name] }
                continue
            }
            for dependency in wanted {
                if let name = names[foldedName(dependency.text)] {
                    if !nodes[place].resolved.contains(name) { nodes[place].resolved.append(name) }
                } else if !isPartial {
                    unknown(dependency, of: nodes[place], nodes)
                }
            }
        }
        reportCycles(nodes)
    }

    /// Names looked at for a suggestion.
    private static let suggestionLimit = 256

    private func unknown(_ dependency: SyntaxScalar, of node: Node, _ nodes: [Node]) {
        let title = noun.prefix(1).uppercased() + noun.dropFirst()
        let others = nodes.lazy.map(\.name).filter { $0 != node.name }.prefix(Self.suggestionLimit)
        let near = nearName(dependency.text, among: others)
        let known = others.prefix(20).joined(separator: ", ")
        log.error(
            "pipeline.unknown-dependency",
            "\(title) \(node.name) depends on unknown \(noun) \(dependency.text).",
            at: dependency.place,
            advice: near.map { "Did you mean '\($0)'?" }
                ?? (known.isEmpty ? "There is no other \(noun) here." : "The other \(noun)s here are \(known).")
        )
    }

    /// Names every cycle once.
    private func reportCycles(_ nodes: [Node]) {
        let graph = DependencyGraph(nodes.map { ($0.name, $0.resolved) })
        let stuck = Set(graph.faults.compactMap { $0.value == .cycle ? $0.key : nil })
        var seen: Set<Int> = []
        for start in stuck.sorted() where !seen.contains(start) {
            var path: [Int] = []
            var current: Int? = start
            while let node = current, !seen.contains(node) {
                seen.insert(node)
                path.append(node)
                current = graph.directDependencies(of: node).first { stuck.contains($0) }
            }
            guard let end = current, let first = path.firstIndex(of: end) else { continue }
            report(path[first...].map { nodes[$0] })
        }
    }

    private func report(_ cycle: [Node]) {
        let names = (cycle + cycle.prefix(1)).map(\.name).joined(separator: " → ")
        let place = cycle[0].dependsOn?.first?.place ?? cycle[0].place
        log.error(
            "pipeline.cycle",
            cycle.count == 1
                ? "The \(noun) \(cycle[0].name) depends on itself."
                : "The \(noun)s depend on each other in a circle: \(names).",
            at: place,
            advice:
                "Remove one of these dependencies; the pipeline must contain at least one \(noun) with no dependencies."
        )
    }
}
