using Gantry.Copying;
using Gantry.Oci;

namespace Gantry.Syncing;

/// <summary>Reads Gantry's own format.</summary>
/// <param name="file">The name of the file in errors.</param>
internal sealed class SyncReader(string file)
{
    public SyncFile Read(SyncFields root)
    {
        if (root.Number("version", 1, int.MaxValue) is > 1)
            throw SyncErrors.Unsupported(file, root.LineOf("version"), "a later version than 1", "use version 1, or a later gantry");
        var parallel = root.Number("parallel", 1, SyncFile.HighestParallelism);
        var defaults = root.Fields("defaults");
        var settings = Settings.Read(defaults, file, new Settings());
        defaults.RefuseOthers();
        var entries = root.List("images").Select(fields => ReadEntry(fields, settings)).ToList();
        root.Find("sync");
        root.RefuseOthers(key => key.StartsWith("x-", StringComparison.Ordinal));
        if (entries.Count == 0)
            throw SyncErrors.Malformed(file, root.Line, "'images' is missing or empty");
        var read = new SyncFile { Name = file, Entries = entries };
        return parallel is { } number ? read with { Parallel = number } : read;
    }

    private SyncEntry ReadEntry(SyncFields fields, Settings defaults)
    {
        var source = ImageLocation.Parse(fields.RequiredText("source"));
        var targets = fields.Texts("targets");
        if (targets.Count == 0)
            throw SyncErrors.Malformed(file, fields.Line, "'targets' is missing or empty");
        var tags = fields.Find("tags") is null ? null : fields.Fields("tags");
        var settings = Settings.Read(fields, file, defaults);
        var entry = new SyncEntry
        {
            Line = fields.Line,
            Source = source,
            Targets = [.. targets.Select(target => SyncTargets.Parse(target.Text, source, file, target.Line))],
            Tags = source.Reference is null ? ReadTags(tags) : null,
            Options = settings.Options,
            MoveTagReason = settings.MoveTags,
        };
        if (source.Reference is not null && tags is not null)
            throw SyncErrors.Malformed(file, fields.LineOf("tags"), "'tags' belongs to a source without a tag and digest");
        fields.RefuseOthers();
        return entry;
    }

    private TagFilter ReadTags(SyncFields? tags)
    {
        if (tags is null)
            return new TagFilter();
        var filter = new TagFilter { Latest = tags.Number("latest", 1, int.MaxValue) }
            .AddPatterns(tags.Texts("include"), excludes: false, file)
            .AddPatterns(tags.Texts("exclude"), excludes: true, file)
            .AddRanges(tags.Texts("semver"), file);
        tags.RefuseOthers();
        return filter;
    }

    private sealed record Settings
    {
        public CopyOptions Options { get; init; } = new();

        public string? MoveTags { get; init; }

        public static Settings Read(SyncFields fields, string file, Settings otherwise)
        {
            var platforms = fields.Texts("platforms");
            var options = otherwise.Options;
            return new Settings
            {
                MoveTags = fields.Text("moveTags") ?? otherwise.MoveTags,
                Options = options with
                {
                    Platforms = platforms.Count == 0 ? options.Platforms : [.. platforms.Select(each => Platform.Parse(each.Text))],
                    Referrers = fields.Flag("referrers") ?? options.Referrers,
                    CosignTags = fields.Flag("cosignTags") ?? options.CosignTags,
                    NonDistributableLayers = fields.Flag("foreignLayers") ?? options.NonDistributableLayers,
                    Deep = fields.Flag("deep") ?? options.Deep,
                },
            };
        }
    }
}

/// <summary>Reads targets, which are of the kind of their source.</summary>
internal static class SyncTargets
{
    public static ImageLocation Parse(string text, ImageLocation source, string file, long line)
    {
        var target = ImageLocation.Parse(text);
        target.EnsureWritable(text);
        if (target.Digest is not null && target.Digest != source.Digest)
            throw SyncErrors.Malformed(file, line, $"the target '{text}' has another digest than the source");
        if (source.Reference is null && target.Reference is not null)
            throw SyncErrors.Malformed(file, line, $"the target '{text}' names one image, and its source is a repository");
        if (source.Reference is null && (source.Address is ArchiveAddress || target.Address is ArchiveAddress))
            throw SyncErrors.Malformed(file, line, "an archive has single images, which are named one by one");
        return target;
    }
}
