/// Turns a pattern into steps.
struct PatternCompiler {
    var steps: [Pattern.Step] = []

    mutating func add(_ node: PatternNode) throws(PatternFault) {
        guard steps.count < Pattern.sizeLimit else { throw PatternFault(reason: "expression too large", part: "") }
        switch node {
        case .empty: break
        case .scalar(let set): steps.append(.scalar(set))
        case .assert(let assertion): steps.append(.assert(assertion))
        case .sequence(let parts): for part in parts { try add(part) }
        case .choice(let branches): try addChoice(branches)
        case .group(let inner, let number):
            steps.append(.save(2 * number))
            try add(inner)
            steps.append(.save(2 * number + 1))
        case .repeated(let inner, let minimum, let maximum, let isLazy):
            for _ in 0..<minimum { try add(inner) }
            guard let maximum else { return try addLoop(inner, isLazy) }
            try addOptional(inner, maximum - minimum, isLazy)
        }
    }

    private mutating func addChoice(_ branches: [PatternNode]) throws(PatternFault) {
        var ends: [Int] = []
        for branch in branches.dropLast() {
            let split = steps.count
            steps.append(.jump(0))
            try add(branch)
            ends.append(steps.count)
            steps.append(.jump(0))
            steps[split] = .split(split + 1, steps.count)
        }
        if let last = branches.last { try add(last) }
        for end in ends { steps[end] = .jump(steps.count) }
    }

    private mutating func addLoop(_ inner: PatternNode, _ isLazy: Bool) throws(PatternFault) {
        let split = steps.count
        steps.append(.jump(0))
        try add(inner)
        steps.append(.jump(split))
        steps[split] = isLazy ? .split(steps.count, split + 1) : .split(split + 1, steps.count)
    }

    private mutating func addOptional(_ inner: PatternNode, _ count: Int, _ isLazy: Bool) throws(PatternFault) {
        var splits: [Int] = []
        for _ in 0..<count {
            splits.append(steps.count)
            steps.append(.jump(0))
            try add(inner)
        }
        for split in splits { steps[split] = isLazy ? .split(steps.count, split + 1) : .split(split + 1, steps.count) }
    }
}
