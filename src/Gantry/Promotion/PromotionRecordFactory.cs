using Gantry.Attestations;
using Gantry.Oci;

namespace Gantry.Promotion;

/// <summary>Creates the records of a promotion.</summary>
/// <param name="plan">The promotion.</param>
internal sealed class PromotionRecordFactory(PromotionPlan plan)
{
    /// <summary>Returns the time of the promotion of an image: the release that was promoted last is the current one.</summary>
    public static DateTimeOffset DateOf(ImagePlan image, DateTimeOffset now) => DocumentArtifact.After(image.LatestPromotion, now);

    /// <summary>Returns the record, linked to the attestation of the promotion before it.</summary>
    public static PromotionRecord Link(PromotionRecord record, Digest? previous) => previous is null
        ? record
        : record with { Schema = Math.Max(record.Schema, PromotionRecord.SchemaWithLinks), Previous = previous };

    /// <summary>Creates the record of an image.</summary>
    public PromotionRecord Create(ImagePlan image, DateTimeOffset now) => Link(CreateUnlinked(image, now), image.Previous);

    // The lowest schema that has what is recorded, so that earlier versions read it.
    private int SchemaOf(ImagePlan image, RecordedWave? wave)
    {
        if (wave is not null)
            return PromotionRecord.CurrentSchema;
        if (plan.Request.ReturnCause is not null && image.RollsBackFrom is not null)
            return PromotionRecord.SchemaWithReturns;
        return plan.BreakGlass is null && plan.Gates.All(gate => gate.Approvals.Count == 0)
            ? PromotionRecord.SchemaWithoutLinks
            : PromotionRecord.SchemaWithLinks;
    }

    private PromotionRecord CreateUnlinked(ImagePlan image, DateTimeOffset now)
    {
        var wave = plan.Waves.FirstOrDefault(wave => wave.Targets.Contains(image.PromotionTarget))?.Record;
        return new()
        {
            Schema = SchemaOf(image, wave),
            BreakGlass = plan.BreakGlass,
            Environment = plan.Request.Environment.Name,
            Region = image.PromotionTarget.Region,
            Version = plan.Request.Release.Version,
            Image = image.Image.Name,
            Digest = image.Image.Digest,
            Promoted = DateOf(image, now),
            By = plan.Request.By,
            From = image.Source.Location,
            To = image.Target.Repository.Location,
            Gates = [.. plan.Gates.Select(gate => gate.ToRecord())],
            MovedTag = image is { Tag: TagChange.Moved, TagBefore: { } before }
                ? new MovedTag { From = before, Reason = image.Target.MoveTagReason! }
                : null,
            WentBack = image.RollsBackFrom is { } from
                ? new WentBack { From = from, Reason = plan.Request.GoBackReason!, Cause = plan.Request.ReturnCause }
                : null,
            Wave = wave,
        };
    }
}
