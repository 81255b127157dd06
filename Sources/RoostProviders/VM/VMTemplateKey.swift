import RoostModel

/// What machines have to share so that one goes on in the memory of another: their image, their shape, and the program that runs them.
struct VMTemplateKey: Hashable, Sendable {
    /// The digest of the image.
    let image: String
    let shape: VMShape
    /// Changes when QEMU is another one.
    let program: String

    init(image: String, shape: VMShape, program: String) {
        self.image = image
        self.shape = shape
        self.program = program
    }

    /// Nil for what ``text`` of none is.
    init?(_ text: String) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 6, let memory = Int(parts[1]), let processors = Int(parts[2]),
            let network = MachineNetwork(rawValue: parts[3])
        else { return nil }
        image = parts[0]
        shape = VMShape(memory: memory, processors: processors, network: network, isFast: parts[4] == "kvm")
        program = parts[5]
        guard text == self.text, (image + program).allSatisfy(\.isHexDigit), !image.isEmpty else { return nil }
    }

    /// The name of its folder.
    var text: String {
        "\(image)-\(shape.memory)-\(shape.processors)-\(shape.network.rawValue)-\(shape.isFast ? "kvm" : "tcg")-\(program)"
    }
}
