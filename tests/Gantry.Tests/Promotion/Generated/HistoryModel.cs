using Gantry.Environments;
using Gantry.Status;

namespace Gantry.Tests.Promotion.Generated;

/// <summary>
/// What the registries of the environments show, from the steps alone: a list of what was promoted, and what each tag points to. It knows
/// no registries, records, digests and signatures. Targets, versions and images are indexes; a higher version has a higher index.
/// </summary>
/// <param name="targets">The targets, of which some may share a registry.</param>
/// <param name="isSigned">True when promotions are signed, and name what they were verified with.</param>
internal sealed class HistoryModel(IReadOnlyList<PromotionTarget> targets, bool isSigned)
{
    private static readonly IReadOnlyList<int> s_images = [.. Enumerable.Range(0, GeneratedHouse.Images.Count)];
    private static readonly IReadOnlyList<int> s_versions = [.. Enumerable.Range(0, GeneratedHouse.Versions.Count)];

    // The release whose image is under a tag; a negative number for an image of none.
    private readonly Dictionary<(string Registry, int Version, int Image), int> _tags = [];
    private readonly HashSet<(string Registry, int Version, int Image)> _images = [];
    private readonly List<Promotion> _promotions = [];

    private sealed record Promotion(int Target, int Version, DateTimeOffset Time, bool IsBypass)
    {
        /// <summary>Gets the images beside which it is still recorded.</summary>
        public HashSet<int> Images { get; } = [.. s_images];
    }

    /// <summary>Returns the codes with which a promotion may be refused; when empty, it is done.</summary>
    public IReadOnlyList<string> FindRefusals(Step.Promote step)
    {
        var changing = step.Targets.Where(target => Changes(target, step.Version)).ToList();
        var isOverwritten = step.Targets.Any(target =>
            s_images.Any(image => TagAt(target, step.Version, image) is { } there && there != step.Version));
        return
        [
            .. isOverwritten && !step.MovesTags ? ["GAN4035"] : Array.Empty<string>(),
            .. changing.Exists(target => CurrentAt(target) > step.Version) && !step.GoesBack ? ["GAN4066"] : Array.Empty<string>(),
            .. changing.Count > 0 && !CameBefore(step) && !step.BreaksGlass ? ["GAN4024", "GAN4201"] : Array.Empty<string>(),
        ];
    }

    /// <summary>Notes a promotion that was done.</summary>
    public void Promote(Step.Promote step, DateTimeOffset now)
    {
        // What a person had let pass is recorded again as soon as it came the normal way.
        var isBypass = !CameBefore(step);
        var recorded = step.Targets
            .Where(target => Changes(target, step.Version) || (!isBypass && IsOpenBypass(target, step.Version)))
            .ToList();
        _promotions.AddRange(recorded.Select(target => new Promotion(target, step.Version, now, isBypass)));
        foreach (var key in step.Targets.SelectMany(target => s_images.Select(image => (RegistryOf(target), step.Version, image))))
        {
            _tags[key] = step.Version;
            _images.Add(key);
        }
    }

    /// <summary>Notes a tag that points to the image of a release, or to another one with a negative number.</summary>
    public void Tag(int target, int version, int image, int points) => _tags[(RegistryOf(target), version, image)] = points;

    public void DeleteTag(int target, int version, int image) => _tags.Remove((RegistryOf(target), version, image));

    /// <summary>True when the image of a release is in a registry, whatever its tags are.</summary>
    public bool HasImage(int target, int version, int image) => _images.Contains((RegistryOf(target), version, image));

    public void DeleteImage(int target, int version, int image)
    {
        _images.Remove((RegistryOf(target), version, image));
        foreach (var tag in s_versions.Where(tag => TagAt(target, tag, image) == version))
            DeleteTag(target, tag, image);
    }

    public void DeleteRecords(int target, int version, int image)
    {
        foreach (var promotion in _promotions.Where(each => RegistryOf(each.Target) == RegistryOf(target) && each.Version == version))
            promotion.Images.Remove(image);
    }

    /// <summary>Returns what the environments show.</summary>
    public IReadOnlyList<ExpectedStatus> Read()
    {
        var statuses = targets.Select((_, target) => Read(target)).ToList();
        return
        [
            .. statuses.Select((status, target) => Differ(statuses, targets[target].Environment)
                ? status with { Problems = [.. status.Problems.Append("GAN4058").Order()] }
                : status),
        ];
    }

    private ExpectedStatus Read(int target)
    {
        var history = HistoryAt(target);
        var unrecorded = s_versions.Reverse().Where(version => IsUnrecorded(target, version)).ToList();
        int? shown = history is [var latest, ..] ? latest.Version : unrecorded is [var highest, ..] ? highest : null;
        if (shown is not { } version)
            return new ExpectedStatus();

        var since = history.TakeWhile(promotion => promotion.Version == version).LastOrDefault()?.Time;
        var tags = s_images.ToDictionary(image => image, image => TagAt(target, version, image));
        var stay = s_images.Select(image => ShownAt(target, version, image)).FirstOrDefault(records => records.Count > 0)?
            .Where(promotion => promotion.Time >= since)
            .ToList();
        var isIncomplete = s_images.Any(image =>
            tags[image] is null || (tags[image] == version && RecordsAt(target, version, image).Count == 0));
        return new ExpectedStatus
        {
            Version = version,
            Since = since,
            Recorded = stay?[^1].Time,
            HasOpenBypass = stay?[0].IsBypass == true,
            Images = [.. s_images.Where(image => tags[image] is not null).Select(image => (image, tags[image]!.Value))],
            History = [.. history.Select(promotion => (promotion.Version, promotion.Time))],
            Unrecorded = [.. unrecorded.Where(other => other != version)],
            Problems =
            [
                .. s_images.Where(image => tags[image] is { } there && there != version).Select(_ => "GAN4056"),
                .. isIncomplete ? ["GAN4057"] : Array.Empty<string>(),
            ],
            Cells = [.. s_images.Select(image => ReadCell(target, version, since, image))],
        };
    }

    private ExpectedCell ReadCell(int target, int version, DateTimeOffset? since, int image)
    {
        if (TagAt(target, version, image) is not { } there)
            return new ExpectedCell { Marks = [StatusMarkKind.Incomplete] };
        var records = ShownAt(target, version, image);
        var stay = records.Where(promotion => promotion.Time >= since).ToList();
        var shown = stay.Count > 0 ? stay[^1] : records is [var last, ..] ? last : null;
        var marks = new List<StatusMarkKind>();
        if (there != version)
            marks.Add(StatusMarkKind.MovedTag);
        else if (shown is null)
            marks.Add(StatusMarkKind.Unattested);
        if (shown is { IsBypass: false } && IsOutOfOrder(target, version, since))
            marks.Add(StatusMarkKind.BrokenOrder);
        if (stay is [{ IsBypass: true }, ..])
            marks.Add(StatusMarkKind.OpenBypass);
        if (FindLag(target, version) > 0)
            marks.Add(StatusMarkKind.Behind);
        return new ExpectedCell
        {
            Version = version,
            Since = shown?.Time,
            Behind = FindLag(target, version),
            Signature = shown is null ? SignatureState.None : isSigned ? SignatureState.Signed : SignatureState.Unsigned,
            Marks = marks,
        };
    }

    // By the region of the previous environment in which fewest releases followed; unknown where one of them does not know the release.
    private int? FindLag(int target, int version)
    {
        var followers = Before(target).Select(HistoryAt).Select(history => history.Exists(each => each.Version == version)
            ? history.TakeWhile(each => each.Version != version).Select(each => each.Version).Distinct().Count()
            : (int?)null).ToList();
        return followers.Count == 0 || followers.Contains(null) ? null : followers.Min();
    }

    // By what is still recorded in the previous environment. A signed promotion names what was recorded there when it was made.
    private bool IsOutOfOrder(int target, int version, DateTimeOffset? since)
    {
        if (isSigned)
            return false;
        var (image, records) = s_images.Select(image => (image, Records: ShownAt(target, version, image)))
            .First(each => each.Records.Count > 0);
        var promotion = records.LastOrDefault(each => each.Time >= since) ?? records[0];
        return !promotion.IsBypass && Before(target).Any(before =>
            !HistoryAt(before).Exists(each => each.Version == version)
            || RecordsAt(before, version, image) is not [.., var first]
            || first.Time - promotion.Time > TimeSpan.FromMinutes(5));
    }

    private IEnumerable<int> Before(int target) => Enumerable.Range(0, targets.Count)
        .Where(other => targets[target].Environment.After is { } before && targets[other].Environment == before);

    // Where it is not known what is there, nothing is compared.
    private bool Differ(IReadOnlyList<ExpectedStatus> statuses, PromotionEnvironment environment)
    {
        var regions = statuses.Where((_, target) => targets[target].Environment == environment).ToList();
        return regions.Skip(1).Any(other => other.Version != regions[0].Version
            || other.Images.Any(image => regions[0].Images.Any(first => first.Image == image.Image && first.Points != image.Points)));
    }

    private string RegistryOf(int target) => targets[target].Address.ToString()!;

    private int? TagAt(int target, int version, int image) =>
        _tags.TryGetValue((RegistryOf(target), version, image), out var points) ? points : null;

    private List<Promotion> RecordsAt(int target, int version, int image) =>
        [.. _promotions.Where(each => each.Target == target && each.Version == version && each.Images.Contains(image))
            .OrderByDescending(each => each.Time)];

    // Those beside the image that a tag points to.
    private List<Promotion> ShownAt(int target, int version, int image) =>
        TagAt(target, version, image) == version ? RecordsAt(target, version, image) : [];

    // Beside the first image that shows any, under whatever its tag points to.
    private List<Promotion> HistoryAt(int target) =>
        [.. s_versions
            .SelectMany(version => s_images.Where(image => TagAt(target, version, image) is not null)
                .Select(image => RecordsAt(target, version, image))
                .FirstOrDefault(records => records.Count > 0) ?? [])
            .OrderByDescending(promotion => promotion.Time)];

    private int? CurrentAt(int target) => HistoryAt(target) is [var latest, ..] ? latest.Version : null;

    private bool IsUnrecorded(int target, int version) =>
        s_images.Any(image => TagAt(target, version, image) is not null)
        && !s_images.Where(image => TagAt(target, version, image) is not null).Any(image => _promotions.Exists(promotion =>
            RegistryOf(promotion.Target) == RegistryOf(target) && promotion.Version == version && promotion.Images.Contains(image)));

    private bool IsInPlace(int target, int version) =>
        s_images.All(image => TagAt(target, version, image) == version && RecordsAt(target, version, image).Count > 0);

    private bool Changes(int target, int version) => !IsInPlace(target, version) || CurrentAt(target) != version;

    private bool CameBefore(Step.Promote step) => Before(step.Targets[0]).All(target => IsInPlace(target, step.Version));

    private bool IsOpenBypass(int target, int version) =>
        s_images.Any(image => RecordsAt(target, version, image) is [{ IsBypass: true }, ..]);
}

/// <summary>What one registry of an environment shows; empty when nothing is there.</summary>
internal sealed record ExpectedStatus
{
    public int? Version { get; init; }

    public DateTimeOffset? Since { get; init; }

    /// <summary>The date of the record that is shown.</summary>
    public DateTimeOffset? Recorded { get; init; }

    public bool HasOpenBypass { get; init; }

    /// <summary>The images with the releases that their tags point to.</summary>
    public IReadOnlyList<(int Image, int Points)> Images { get; init; } = [];

    public IReadOnlyList<(int Version, DateTimeOffset Time)> History { get; init; } = [];

    public IReadOnlyList<int> Unrecorded { get; init; } = [];

    public IReadOnlyList<string> Problems { get; init; } = [];

    /// <summary>The cells of the images, in their order.</summary>
    public IReadOnlyList<ExpectedCell> Cells { get; init; } = [.. GeneratedHouse.Images.Select(_ => new ExpectedCell())];

    public override string ToString() => string.Join("; ",
        $"version {Version}",
        $"since {Since:T}",
        $"recorded {Recorded:T}",
        $"bypass {HasOpenBypass}",
        $"images {string.Join(' ', Images)}",
        $"history {string.Join(' ', History.Select(each => $"{each.Version}@{each.Time:T}"))}",
        $"unrecorded {string.Join(' ', Unrecorded)}",
        $"problems {string.Join(' ', Problems)}",
        string.Join("; ", Cells));
}

/// <summary>What the status shows of one image in one registry of an environment; empty when nothing is there.</summary>
internal sealed record ExpectedCell
{
    public int? Version { get; init; }

    public DateTimeOffset? Since { get; init; }

    public int? Behind { get; init; }

    public SignatureState Signature { get; init; }

    public IReadOnlyList<StatusMarkKind> Marks { get; init; } = [];

    public override string ToString() => string.Join(", ",
        $"cell {Version}", $"since {Since:T}", $"behind {Behind}", $"{Signature}", $"marks {string.Join(' ', Marks.Order())}");
}
