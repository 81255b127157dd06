import Foundation

/// A memory in which machines could go on.
struct VMTemplateWish: Hashable, Sendable {
    var key: VMTemplateKey
    /// The image's name, for people.
    var image: String
}

/// What there is of a saved memory.
struct VMTemplateFact: Hashable, Sendable {
    enum State: Hashable, Sendable {
        case ready
        /// It is being made, or somebody was killed while it was.
        case begun
        /// It could not be made, or machines did not wake in it.
        case refused
    }

    var name: String
    var state: State
    /// When a machine last went on in it, or when it was refused.
    var used: Date
    /// Whether a machine is there that stands on its disk.
    var isNeeded = false
}

/// What is to be done about saved memories.
enum VMTemplateStep: Hashable, Sendable {
    enum Reason: Hashable, Sendable {
        /// Who made it was killed.
        case interrupted
        case unused
        /// After a day it may work: the computer may have been busy.
        case tryAgain
        case room
    }

    case remove(VMTemplateFact, because: Reason)
    case make(VMTemplateWish)
}

/// Decides which memories are saved and which go.
///
/// A machine that came up from its disk wishes for one; with a wish for A, eight others, and B the one that was used longest ago, the steps are
/// `remove(B, because: .room)` and `make(A)`.
enum VMTemplatePlan {
    /// A memory takes as much of the disk as the machine has used of it.
    static let most = 8
    /// Layers of sandboxes are kept for so long, too.
    static let keeping: TimeInterval = 24 * 3600

    /// - Parameters:
    ///   - facts: what is there.
    ///   - wishes: of machines that are up; the first that is not fulfilled counts.
    ///   - isMaking: somebody makes one now; one at a time is enough, for a start takes all processors.
    ///   - now: by the clock of the folders.
    /// - Returns: in the order in which they are done.
    static func steps(
        _ facts: [VMTemplateFact],
        wishes: [VMTemplateWish],
        isMaking: Bool,
        at now: Date
    ) -> [VMTemplateStep] {
        guard !isMaking else { return [] }
        var steps: [VMTemplateStep] = []
        var kept: [VMTemplateFact] = []
        for fact in facts {
            if let reason = reason(to: fact, at: now) {
                steps.append(.remove(fact, because: reason))
            } else {
                kept.append(fact)
            }
        }
        let there = Set(kept.map(\.name))
        guard let wish = wishes.first(where: { !there.contains($0.key.text) }) else { return steps }
        let ready = kept.filter { $0.state == .ready }
        if ready.count >= most {
            guard let oldest = ready.filter({ !$0.isNeeded }).min(by: { $0.used < $1.used }) else { return steps }
            steps.append(.remove(oldest, because: .room))
        }
        return steps + [.make(wish)]
    }

    private static func reason(to fact: VMTemplateFact, at now: Date) -> VMTemplateStep.Reason? {
        let isOld = now.timeIntervalSince(fact.used) > keeping
        switch fact.state {
        case .begun: return .interrupted
        case .ready: return isOld && !fact.isNeeded ? .unused : nil
        case .refused: return isOld ? .tryAgain : nil
        }
    }
}
