/// What a checkout step asks for.
struct CheckoutOptions: Hashable, Sendable {
    /// What is done with submodules.
    enum Submodules: Hashable, Sendable {
        case none, direct, recursive
    }

    var clean: Bool
    var submodules: Submodules
    var lfs: Bool
    /// 0 is everything.
    var depth: Int
    var tags: Bool
    var filter: String?
    var persistCredentials: Bool
    var sparseDirectories: [String]
    var sparsePatterns: [String]

    /// Reads the inputs of a step.
    ///
    /// - Throws: ``CheckoutFailure/inputInvalid(name:value:expected:)``.
    init(_ work: StepWork) throws(CheckoutFailure) {
        clean = work.flag("clean", default: work.variables.flag("build.repository.clean"))
        switch work.input("submodules")?.lowercased() {
        case nil, "false": submodules = .none
        case "true": submodules = .direct
        case "recursive": submodules = .recursive
        case let other?: throw .inputInvalid(name: "submodules", value: other, expected: "true, false or recursive")
        }
        let depthText = work.input("fetchDepth") ?? "0"
        guard let number = Int(depthText), number >= 0 else {
            throw .inputInvalid(name: "fetchDepth", value: depthText, expected: "a number, 0 for everything")
        }
        depth = number
        lfs = work.flag("lfs")
        tags = work.flag("fetchTags", default: true)
        filter = work.input("fetchFilter")
        persistCredentials = work.flag("persistCredentials")
        sparseDirectories = Self.words(work.input("sparseCheckoutDirectories"))
        sparsePatterns = Self.words(work.input("sparseCheckoutPatterns"))
    }

    var isSparse: Bool { !sparseDirectories.isEmpty || !sparsePatterns.isEmpty }

    private static func words(_ text: String?) -> [String] {
        (text ?? "").split(whereSeparator: \.isWhitespace).map(String.init)
    }
}
