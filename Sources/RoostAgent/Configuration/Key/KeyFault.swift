/// Why a key could not be kept or got back in a better way than in a plain file.
struct KeyFault: Error, Hashable {
    /// Without a full stop.
    let reason: String
}
