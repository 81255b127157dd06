import RoostLanguage

/// Compares what a step gives to a task with the inputs the task takes; only for tasks all of whose inputs are known.
struct TaskInputCheck {
    let task: TaskDefinition
    let log: DiagnosticLog
    private let given: [(key: SyntaxScalar, value: SyntaxScalar)]

    /// Nil when the inputs of the task are not known, or not for certain.
    init?(
        _ reference: SyntaxScalar,
        _ given: [(key: SyntaxScalar, value: SyntaxScalar)],
        _ log: DiagnosticLog,
        installed: TaskManifest? = nil
    ) {
        guard let task = installed?.definition ?? TaskManual.current.task(reference.text), task.isComplete else {
            return nil
        }
        self.task = task
        self.given = given
        self.log = log
    }

    /// Warns of inputs the task does not have; gives the names that were meant, as far as they can be guessed.
    @discardableResult
    func reportUnexpected() -> [String] {
        let names = task.inputs.flatMap { [$0.name] + $0.aliases }
        var meant: [String] = []
        for key in given.map(\.key) where task.input(key.text) == nil {
            let near = nearName(key.text, among: names)
            if let near { meant.append(near) }
            log.warning(
                "task.unexpected-input",
                "Unexpected input '\(key.text)'",
                at: key.place,
                advice: near.map { "Did you mean '\($0)'?" } ?? advice(key.text)
            )
        }
        return meant
    }

    private func advice(_ key: String) -> String {
        if PipelineKeys.step.contains(key) { return "'\(key)' is a key of the step: write it beside 'task'." }
        return "\(task.reference) takes \(task.inputs.map(\.name).joined(separator: ", "))."
    }

    /// Warns of inputs without which the task fails, and which have no default.
    func reportMissing(at place: SyntaxPlace, except meant: [String]) {
        for input in task.inputs where input.isRequired && input.defaultValue == nil && counts(input) == true {
            let isMeant = meant.contains { task.input($0) == input }
            guard value(of: input) == nil, !isMeant else { continue }
            let when = input.condition.map { " when \($0)" } ?? ""
            log.warning(
                "task.missing-input",
                "Input required: \(input.name)",
                at: place,
                advice: "\(task.reference) needs it\(when): write '\(input.name):' under 'inputs'."
            )
        }
    }

    private func value(of input: TaskInput) -> SyntaxScalar? {
        given.last { task.input($0.key.text) == input }?.value
    }

    // MARK: When an input counts

    /// Whether the condition of an input holds; nil when only the run knows.
    private func counts(_ input: TaskInput) -> Bool? {
        guard let condition = input.condition else { return true }
        var isUnknown = false
        for part in condition.split(separator: "||") {
            switch holdAll(part.split(separator: "&&")) {
            case true?: return true
            case false?: continue
            case nil: isUnknown = true
            }
        }
        return isUnknown ? nil : false
    }

    /// Whether all of some comparisons hold.
    private func holdAll(_ parts: [Substring]) -> Bool? {
        let results = parts.map(holds)
        if results.contains(false) { return false }
        return results.contains(nil) ? nil : true
    }

    /// `name = value` or `name != value`.
    private func holds(_ part: Substring) -> Bool? {
        let isNegative = part.contains("!=")
        let sides = part.split(separator: "=", maxSplits: 1).map {
            String($0).trimmingBlanks().filter { $0 != "!" }.trimmingBlanks()
        }
        guard sides.count == 2, let input = task.input(sides[0]), let own = counts(input) else { return nil }
        // An input that does not count itself makes nothing count.
        guard own else { return false }
        let value = value(of: input)
        if value?.isKnownLater == true { return nil }
        return equalIgnoringCase(value?.text ?? input.defaultValue ?? "", sides[1]) != isNegative
    }
}
