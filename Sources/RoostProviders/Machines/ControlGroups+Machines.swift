import RoostControlGroups
import RoostModel

extension ControlGroups {
    /// What of a machine's size cannot be limited, for people: one sentence each.
    var limits: [String] {
        missing.map { controller in
            switch controller {
            case .cpu: "Time of processors is not limited: the server's user may not use the control group 'cpu'."
            case .memory: "Memory is not limited: the server's user may not use the control group 'memory'."
            case .pids:
                "The number of processes is not limited: the server's user may not use the control group 'pids'."
            }
        }
    }

    /// Makes the groups of a machine.
    func makeMachine(_ id: String, _ size: MachineSize) throws(ProviderFailure) -> [String] {
        do throws(ControlGroupFailure) { return try make(id, size) } catch {
            throw ProviderFailure(file: error.file, error.error)
        }
    }

    /// Takes the groups of a machine away.
    func removeMachine(_ id: String) throws(ProviderFailure) {
        do throws(ControlGroupFailure) { try remove(id) } catch { throw ProviderFailure(file: error.file, error.error) }
    }
}
