/// Makes inputs, each from the seed and its number alone.
public struct FuzzSource: Sendable {
    private let seed: UInt64
    private let seeds: FuzzSeeds
    private let mutator: ByteMutator
    private let expressions = ExpressionMaker()
    private let pipelines = PipelineMaker()
    private let images = TemplateMaker()

    public init(seed: UInt64, seeds: FuzzSeeds) {
        self.seed = seed
        self.seeds = seeds
        mutator = ByteMutator(
            others: seeds.groups.map { $0.files.first { _ in true }?.bytes ?? [] } + [Array("a: b".utf8)]
        )
    }

    public func input(_ number: Int) -> FuzzInput {
        var random = SeededRandom(
            seed: seed &* 0x1_0000_0001 ^ UInt64(truncatingIfNeeded: number) &* 0xD6E8_FEB8_6659_FD93
        )
        if number % 4 == 3 { return FuzzInput(image: image(&random)) }
        switch random.below(10) {
        case 0, 1: return FuzzInput(expression: expression(&random))
        case 2, 3: return FuzzInput(files: pipelines.files(&random))
        case 4:
            var files = pipelines.files(&random)
            mutate(&files, at: random.below(files.count), &random)
            return FuzzInput(files: files)
        default: return real(&random)
        }
    }

    private func image(_ random: inout SeededRandom) -> [UInt8] {
        let bytes =
            seeds.images.isEmpty || random.once(in: 2) ? Array(images.file(&random).utf8) : random.pick(seeds.images)
        return random.once(in: 2) ? mutator.mutated(bytes, &random) : bytes
    }

    private func expression(_ random: inout SeededRandom) -> String {
        if seeds.expressions.isEmpty || random.once(in: 2) {
            let text = expressions.expression(&random)
            return random.once(in: 4) ? changed(text, &random) : text
        }
        return changed(random.pick(seeds.expressions), &random)
    }

    private func changed(_ text: String, _ random: inout SeededRandom) -> String {
        String(decoding: mutator.mutated(Array(text.utf8), &random), as: UTF8.self)
    }

    /// A real file, changed itself or in one of the templates beside it.
    private func real(_ random: inout SeededRandom) -> FuzzInput {
        guard !seeds.isEmpty else { return FuzzInput(files: pipelines.files(&random)) }
        let group = random.pick(seeds.groups)
        var files = group.files
        guard let root = files.firstIndex(where: { $0.path == group.root }) else { return FuzzInput(files: files) }
        mutate(&files, at: random.once(in: 3) ? random.below(files.count) : root, &random)
        files.swapAt(0, root)
        return FuzzInput(files: files)
    }

    private func mutate(
        _ files: inout [(path: String, bytes: [UInt8])],
        at place: Int,
        _ random: inout SeededRandom
    ) {
        files[place].bytes = mutator.mutated(files[place].bytes, &random)
    }
}
