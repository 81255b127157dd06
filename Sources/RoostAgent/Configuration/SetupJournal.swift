import RoostWire
import Synchronization

/// What a configuration under way has made so far, so that it can be undone from outside of it too.
final class SetupJournal: Sendable {
    /// An agent that the server has registered.
    struct Registration: Sendable {
        var agent: TaskAgentWire
        var pool: Int
        /// The organization.
        var url: String
        var settings: ConnectionSettings
    }

    /// Everything that is to be undone.
    struct Made: Sendable {
        var registration: Registration?
        /// Folders that were not there before.
        var folders: [String] = []
        /// Setups of the agent's slots, in the order in which they were begun.
        var slots: [AgentSetup] = []
    }

    /// Nil when nothing is under way.
    private let made = Mutex<Made?>(nil)

    /// Begins; the folders were not there before.
    func begin(folders: [String]) { made.withLock { $0 = Made(folders: folders) } }

    /// A slot of the agent is set up from now on.
    func note(_ slot: AgentSetup) { made.withLock { $0?.slots.append(slot) } }

    func note(_ registration: Registration) { made.withLock { $0?.registration = registration } }

    /// The registration, once: whoever gets it takes it back.
    func takeRegistration() -> Registration? {
        made.withLock { made in
            defer { made?.registration = nil }
            return made?.registration
        }
    }

    /// All of it, once; nil when nothing is under way.
    func take() -> Made? {
        made.withLock { made in
            defer { made = nil }
            return made
        }
    }
}
