/// Makes inputs, each from the seed and its number alone.
public struct FuzzSource: Sendable {
    private let seed: UInt64
    private let isOfImages: Bool
    private let seeds: FuzzSeeds
    private let mutator: ByteMutator
    private let imageMutator: ByteMutator
    private let expressions = ExpressionMaker()
    private let pipelines = PipelineMaker()
    private let templates = TemplateMaker()
    private let images = ImageMaker()

    /// - Parameters:
    ///   - seed: decides every input.
    ///   - seeds: what to begin with.
    ///   - images: whether only templates of images are made.
    public init(seed: UInt64, seeds: FuzzSeeds, onlyImages images: Bool = false) {
        self.seed = seed
        isOfImages = images
        self.seeds = seeds
        mutator = ByteMutator(
            others: seeds.groups.map { $0.files.first { _ in true }?.bytes ?? [] } + [Array("a: b".utf8)]
        )
        imageMutator = ByteMutator(words: ImageMaker.noise, others: seeds.images.map(\.bytes) + [Array("{}".utf8)])
    }

    public func input(_ number: Int) -> FuzzInput {
        var random = SeededRandom(
            seed: seed &* 0x1_0000_0001 ^ UInt64(truncatingIfNeeded: number) &* 0xD6E8_FEB8_6659_FD93
        )
        if isOfImages || number % 4 == 3 { return image(&random) }
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

    private func image(_ random: inout SeededRandom) -> FuzzInput {
        var (ending, bytes) = madeImage(&random)
        if !seeds.images.isEmpty, random.once(in: 2) { (ending, bytes) = random.pick(seeds.images) }
        if random.once(in: 2) { bytes = imageMutator.mutated(bytes, &random) }
        return FuzzInput(image: bytes, ending: ending)
    }

    private func madeImage(_ random: inout SeededRandom) -> (ending: String, bytes: [UInt8]) {
        switch random.below(4) {
        case 0: ("pkr.hcl", Array(templates.file(&random).utf8))
        case 1: ("pkr.hcl", Array(images.hcl(&random).utf8))
        case 2: ("json", Array(images.json(&random).utf8))
        default: ("json", Array(images.imageBuilder(&random).utf8))
        }
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
