import RoostLanguage

/// Follows `if`, `elseif` and `else` that stand right behind each other in one list or mapping.
struct BranchChain {
    enum Decision {
        case take, skip
        /// There is no `if` before it.
        case stray
        /// The condition could not be evaluated, so nothing is known of this branch.
        case unknown
    }

    private enum State {
        case closed
        case open(taken: Bool)
        case unknown
    }

    private var state = State.closed

    /// Something else stands between.
    mutating func end() { state = .closed }

    /// What becomes of the next branch; a condition is evaluated only when it counts, and has no value when that failed.
    mutating func decide(
        _ directive: TemplateText.Directive,
        _ condition: (ParsedExpression) -> Bool?
    ) -> Decision {
        switch directive {
        case .ifTrue(let expression):
            return enter(condition(expression))
        case .elseIf(let expression):
            switch state {
            case .closed: return .stray
            case .unknown: return .unknown
            case .open(taken: true): return .skip
            case .open(taken: false): return enter(condition(expression))
            }
        case .otherwise:
            defer { state = .closed }
            switch state {
            case .closed: return .stray
            case .unknown: return .unknown
            case .open(let taken): return taken ? .skip : .take
            }
        case .each, .insert:
            state = .closed
            return .take
        }
    }

    private mutating func enter(_ condition: Bool?) -> Decision {
        guard let condition else {
            state = .unknown
            return .unknown
        }
        state = .open(taken: condition)
        return condition ? .take : .skip
    }
}
