/// Looks for a match by following all possibilities at once, in the order in which they are preferred (Pike's machine).
struct PatternMachine {
    let steps: [Pattern.Step]
    let slots: Int
    let text: [Unicode.Scalar]
    /// For every step the round in which it was reached last.
    private var reached: [Int]

    private struct Thread {
        var step: Int
        var slots: [Int]
    }

    init(steps: [Pattern.Step], slots: Int, text: [Unicode.Scalar]) {
        self.steps = steps
        self.slots = slots
        self.text = text
        reached = [Int](repeating: -1, count: steps.count)
    }

    /// Places of the groups of the first match.
    mutating func run(from start: Int) -> [Int]? {
        var threads: [Thread] = []
        var best: [Int]?
        for place in start...max(start, text.count) where place <= text.count {
            // Once there is a match none that begins later can be better.
            if best == nil { add(Thread(step: 0, slots: [Int](repeating: -1, count: slots)), at: place, to: &threads) }
            if threads.isEmpty {
                if best != nil { return best }
                continue
            }
            var next: [Thread] = []
            for thread in threads {
                if case .match = steps[thread.step] {
                    best = thread.slots
                    break
                }
                guard place < text.count, case .scalar(let set) = steps[thread.step], set.contains(text[place]) else {
                    continue
                }
                add(Thread(step: thread.step + 1, slots: thread.slots), at: place + 1, to: &next)
            }
            threads = next
        }
        return best
    }

    /// Follows a thread to the steps where it needs a character.
    private mutating func add(_ thread: Thread, at place: Int, to threads: inout [Thread]) {
        var pending = [thread]
        while var thread = pending.popLast() {
            guard reached[thread.step] != place else { continue }
            reached[thread.step] = place
            switch steps[thread.step] {
            case .jump(let target):
                thread.step = target
                pending.append(thread)
            case .split(let first, let second):
                pending.append(Thread(step: second, slots: thread.slots))
                pending.append(Thread(step: first, slots: thread.slots))
            case .save(let slot):
                thread.slots[slot] = place
                thread.step += 1
                pending.append(thread)
            case .assert(let assertion):
                thread.step += 1
                if holds(assertion, at: place) { pending.append(thread) }
            case .scalar, .match: threads.append(thread)
            }
        }
    }

    private func holds(_ assertion: Pattern.Assertion, at place: Int) -> Bool {
        switch assertion {
        case .textStart: place == 0
        case .textEnd: place == text.count
        case .lineStart: place == 0 || text[place - 1] == "\n"
        case .lineEnd: place == text.count || text[place] == "\n"
        case .wordBoundary: isWord(place - 1) != isWord(place)
        case .noWordBoundary: isWord(place - 1) == isWord(place)
        }
    }

    private func isWord(_ place: Int) -> Bool {
        guard text.indices.contains(place) else { return false }
        let scalar = text[place]
        return scalar == "_" || scalar.isASCII && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar))
    }
}
