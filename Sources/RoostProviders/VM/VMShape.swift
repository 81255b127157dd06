import RoostModel

/// What a machine is made of besides its image: in the memory of one, others of the same shape can go on.
struct VMShape: Hashable, Sendable {
    /// In MiB.
    var memory: Int
    var processors: Int
    var network: MachineNetwork
    /// Whether the kernel helps with processors.
    var isFast: Bool

    private static let standardMemory = 1 << 30

    init(memory: Int, processors: Int, network: MachineNetwork, isFast: Bool) {
        self.memory = memory
        self.processors = processors
        self.network = network
        self.isFast = isFast
    }

    init(_ order: MachineOrder, isFast: Bool) {
        memory = max(order.size.memory ?? Self.standardMemory, 64 << 20) >> 20
        processors = max(1, ((order.size.milliProcessors ?? 2000) + 999) / 1000)
        network = order.network
        self.isFast = isFast
    }
}
