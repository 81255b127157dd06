import RoostLanguage
import RoostModel

extension JobDrafting {
    /// How many copies may run at once; 0 is no limit.
    func maxParallel() throws(ProgressFault) -> Int {
        try number(job.strategy.maxParallel, "maxParallel", least: 0)
    }

    /// The number of a key of the strategy.
    ///
    /// - Throws: A fault that names the job, the key, the expression and its value when that is no whole number, or less than allowed.
    func number(_ count: CopyCount, _ key: String, least: Int) throws(ProgressFault) -> Int {
        switch count {
        case .known(let number): return max(0, number)
        case .computed(let text):
            let value = try scope.value(text)
            guard let number = wholeNumber(value), number >= least else { throw badCount(key, text, value, least) }
            return number
        }
    }

    /// `3`, and texts that say it with blanks around.
    private func wholeNumber(_ value: Value) -> Int? {
        value.text.flatMap { parseNumber($0) }.flatMap { Int(exactly: $0) }
    }

    private func badCount(_ key: String, _ text: PlannedText, _ value: Value, _ least: Int) -> ProgressFault {
        let wanted = least == 0 ? "a whole number, 0 being no limit" : "a whole number, \(least) or more"
        let content = value.text ?? value.displayText
        let shown = scope.isSecret(value, content) ? "a secret" : "'\(content)'"
        return ProgressFault(
            "strategy.invalid-count",
            "'\(key)' of the job '\(job.name)' must be \(wanted); '\(text.text)' is \(shown).",
            place: text.place,
            advice: content.isEmpty
                ? "See whether the variable or output has that name, and whether 'dependsOn' names the job that sets it."
                : nil
        )
    }
}
