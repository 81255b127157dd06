import RoostModel

extension ImageArtifactOrigin {
    /// What a person reads of it, with names.
    var facts: [(name: String, value: String)] {
        [("Artifact", id.isEmpty ? builderId : id)] + values.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }
}
