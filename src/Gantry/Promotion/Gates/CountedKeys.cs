using Gantry.Attestations;
using Gantry.Signing;

namespace Gantry.Promotion.Gates;

/// <summary>A statement whose signature was verified, before what it says is looked at.</summary>
/// <param name="Attestation">The statement.</param>
/// <param name="Key">The key that has signed it, which is not revoked.</param>
internal sealed record SignedVote(Attestation Attestation, TrustedKey Key)
{
    /// <summary>The name for people.</summary>
    public string Name => $"{Attestation.Digest} by {Key.Name}";
}

/// <summary>The keys that say something about one image.</summary>
internal sealed class ImageVotes
{
    /// <summary>The keys that count, by their ids, each with its description.</summary>
    public Dictionary<string, string> Counted { get; } = new(StringComparer.Ordinal);

    /// <summary>The reasons why other statements do not count.</summary>
    public List<string> Refused { get; } = [];

    /// <summary>Adds a reason, in which what others wrote is limited.</summary>
    public void Refuse(DisplayText reason) => Refused.Add(Format.Line(reason));
}

/// <summary>The different keys that count for all images of a release.</summary>
/// <param name="Keys">Their descriptions.</param>
/// <param name="Refused">The reasons why other statements do not count.</param>
internal sealed record CountedKeys(IReadOnlyList<string> Keys, IReadOnlyList<string> Refused)
{
    /// <summary>Counts the keys that count for every image.</summary>
    public static CountedKeys Of(IReadOnlyList<(string Image, ImageVotes Votes)> images)
    {
        var all = images.SelectMany(image => image.Votes.Counted).DistinctBy(key => key.Key).ToList();
        var refused = images.SelectMany(image => image.Votes.Refused.Select(reason => Format.Line($"{image.Image}: {reason}"))).ToList();
        var counted = new List<string>();
        foreach (var (id, name) in all)
        {
            var without = images.Where(image => !image.Votes.Counted.ContainsKey(id)).Select(image => image.Image).ToList();
            if (without.Count == 0)
                counted.Add(name);
            else
                refused.Add(Format.Line($"{name} counts for some images and not for {Reasons.Join(without, ", ")}"));
        }

        return new CountedKeys(counted, refused);
    }
}
