import RoostLanguage

/// Chooses targets by patterns of their names: `*`, `?`, `[a-z]`, `{one,other}`; a dot is a sign like any other.
public struct PackerTargetFilter: Sendable {
    private typealias Entry = (text: String, pattern: FilePattern)

    private let only: [Entry]
    private let except: [Entry]

    /// All targets.
    init() { (only, except) = ([], []) }

    /// Patterns as `-only` and `-except` take them.
    ///
    /// - Throws: a ``Diagnostic`` naming a pattern that is none.
    init(only: [String], except: [String]) throws(Diagnostic) {
        self.only = try Self.entries(only, "-only")
        self.except = try Self.entries(except, "-except")
    }

    private static func entries(_ texts: [String], _ flag: String) throws(Diagnostic) -> [Entry] {
        var entries: [Entry] = []
        for text in texts {
            do { entries.append((text, try FilePattern(text))) } catch {
                throw .error(
                    "hcl.packer.pattern",
                    "\(flag)=\(text) is no pattern.",
                    advice: "Patterns know *, ?, [a-z] and {one,other}."
                )
            }
        }
        return entries
    }

    /// Whether a target is built.
    func includes(_ name: String) -> Bool {
        if !only.isEmpty, !only.contains(where: { $0.pattern.matches(name) }) { return false }
        return !except.contains { $0.pattern.matches(name) }
    }

    /// Whether a post-processor is done; those after it in its chain are not done either.
    func includes(_ step: PackerStep) -> Bool { !except.contains { $0.pattern.matches(step.name ?? step.type) } }

    /// Patterns that nothing has, which are most likely misspelt; to build nothing is never what was meant.
    func problems(targets: [String], postProcessors: [String]) -> [Diagnostic] {
        let known = targets.isEmpty ? "The template builds nothing." : "There are \(targets.joined(separator: ", "))."
        var problems = only.filter { entry in !targets.contains { entry.pattern.matches($0) } }.map { entry in
            Diagnostic.error(
                "hcl.packer.no-target",
                "No target matches -only=\(entry.text).",
                advice: suggestion(entry.text, among: targets),
                detail: known
            )
        }
        problems += except.filter { entry in
            !(targets + postProcessors).contains { entry.pattern.matches($0) }
        }.map { entry in
            Diagnostic.warning(
                "hcl.packer.no-target",
                "No target and no post-processor matches -except=\(entry.text).",
                advice: suggestion(entry.text, among: targets + postProcessors),
                detail: known
            )
        }
        if problems.isEmpty, !targets.isEmpty, !targets.contains(where: includes) {
            problems.append(
                .error("hcl.packer.no-target", "-only and -except leave no target to build.", detail: known)
            )
        }
        return problems
    }
}
