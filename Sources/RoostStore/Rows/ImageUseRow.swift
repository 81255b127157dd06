import FoundationEssentials
import RoostModel

/// A stored use of an image; rows are only added.
enum ImageUseRow {
    static let insert = """
        INSERT INTO image_uses (seq, image, run_id, job_id, agent_name, happened_at) \
        VALUES ((SELECT COALESCE(MAX(seq), 0) + 1 FROM image_uses), ?, ?, ?, ?, ?)
        """

    /// Newest first.
    static let select = """
        SELECT image, run_id, job_id, agent_name, happened_at FROM image_uses \
        WHERE image = ? AND happened_at >= ? ORDER BY seq DESC LIMIT ?
        """

    static let images = "SELECT image, COUNT(*) FROM image_uses WHERE happened_at >= ? GROUP BY image ORDER BY image"

    static func values(_ use: ImageUse) -> [SQLValue] {
        [.text(use.image), .id(use.run), .text(use.job.rawValue.uuidString), .text(use.agent), .date(use.at)]
    }

    static func noun(reading columns: inout ColumnReader) throws -> ImageUse? {
        let (image, run) = (try columns.text(), try columns.integer())
        let (job, agent, at) = (try columns.text(), try columns.text(), try columns.date())
        return UUID(uuidString: job).map {
            ImageUse(image: image, run: RunID(run), job: JobID($0), agent: agent, at: at)
        }
    }
}
