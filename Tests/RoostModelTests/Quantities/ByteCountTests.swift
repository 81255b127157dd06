import RoostModel
import Testing

@Suite("Quantities of bytes")
struct ByteCountTests {
    @Test(
        "sizes are read in common units",
        arguments: [
            ("512", 512), ("64KiB", 65_536), ("16 MiB", 16_777_216), ("1g", 1_073_741_824), ("0", 0), ("3b", 3),
        ]
    )
    func reading(text: String, bytes: Int) {
        #expect(ByteCount(parsing: text)?.bytes == bytes)
    }

    @Test("what is no size is refused", arguments: ["", "MiB", "-1", "1.5MiB", "9999999999999GiB", "1 parsec"])
    func refusing(text: String) {
        #expect(ByteCount(parsing: text) == nil)
    }

    @Test(
        "sizes are written in the largest unit that loses nothing",
        arguments: [(1_048_576, "1MiB"), (1536, "1536B"), (65_536, "64KiB"), (0, "0B"), (1 << 30, "1GiB")]
    )
    func writing(bytes: Int, text: String) {
        #expect(ByteCount(bytes).description == text)
        #expect(ByteCount(parsing: text)?.bytes == bytes)
    }
}
