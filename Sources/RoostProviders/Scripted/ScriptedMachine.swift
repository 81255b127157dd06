public import RoostModel

/// What runs on a machine of a scripted provider: a function in the place of an agent.
public struct ScriptedMachine: Sendable {
    public var id: String
    public var order: MachineOrder
}

/// A machine as the scripted engine has it, whatever it says about it.
struct ScriptedRecord: Sendable {
    var listed: ListedMachine
    var order: MachineOrder
    /// Listings that leave it out.
    var hiddenFor = 0
    /// Runs, and does not start its program.
    var isDead = false
    /// Ends by itself.
    var dies = false
}
