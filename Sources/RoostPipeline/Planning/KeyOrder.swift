import RoostLanguage

extension PlanBuilder {
    /// Warns of a stage, job or step whose first key does not say what it is: the schema of the service asks for that order.
    ///
    /// What is meant is plain all the same, so the file is carried out.
    func checkOrder(_ mapping: SyntaxMapping, kind: String) {
        guard !mapping.isPartial, let first = mapping.pairs.first?.key, first.text != kind,
            let pair = mapping.pair(kind)
        else { return }
        log.warning(
            "pipeline.key-order",
            "'\(kind)' is required as first property",
            at: pair.key.place,
            advice: "Move it in front of '\(first.text)'; Azure Pipelines may refuse the file as it is."
        )
    }
}
