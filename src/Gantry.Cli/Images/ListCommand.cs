using System.Collections.Concurrent;
using System.CommandLine;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Gantry.Display;
using Gantry.Formatting;
using Gantry.Oci;
using Gantry.Registries;

namespace Gantry.Cli.Images;

/// <summary><c>gantry ls</c>: lists the tags of a repository, with their digests and dates.</summary>
internal sealed partial class ListCommand
{
    // A tag takes three requests at most.
    private const int ConcurrentTags = 8;

    private readonly Argument<string> _repository = CopyArguments.Argument<string>(
        "repository", "The repository whose tags are listed, without a tag.");

    private readonly Option<string[]> _filters = new("--filter")
    {
        Description = "Only tags that match: * for any characters, ? for one. May be repeated.",
        HelpName = "pattern",
    };

    private readonly Option<bool> _names = new("--names")
    {
        Description = "Write only the names, one on each line, for which one request is enough.",
    };

    private readonly Option<bool> _all = new("--all")
    {
        Description = "Also list the tags that hold referrers and signatures (sha256-...).",
    };

    private readonly Option<ReportFormat> _format = SeeingArguments.CreateFormat();
    private readonly Option<string[]> _plainHttp = CopyArguments.CreatePlainHttp();

    public static Command Create(CommandContext context) => new ListCommand().CreateCommand(context);

    private Command CreateCommand(CommandContext context)
    {
        var command = new Command("ls", "Lists the tags of a repository with digest, date, platforms and size, in the order of versions.")
        {
            _repository, _filters, _names, _all, _format, _plainHttp,
        };
        command.SetAction((parsed, cancellationToken) => RunAsync(context, parsed, cancellationToken));
        return command;
    }

    private async Task<int> RunAsync(CommandContext context, ParseResult parsed, CancellationToken cancellationToken)
    {
        var text = parsed.GetRequiredValue(_repository);
        var location = ImageText.Parse(text);
        if (location.Reference is not null)
            throw CliErrors.ReferenceOfRepository(text);
        await using var session = context.Open(parsed, parsed.GetValue(_plainHttp) ?? []);
        var repository = session.Open(location.Address, location.Repository);
        var filters = (parsed.GetValue(_filters) ?? []).Select(Pattern).ToList();
        var listed = await repository.ListTagsAsync(cancellationToken);
        var tags = listed
            .Where(tag => parsed.GetValue(_all) || !IsTechnical(tag))
            .Where(tag => filters.Count == 0 || filters.Exists(filter => filter.IsMatch(tag)))
            .Order(TagOrder.Instance)
            .ToList();
        if (listed.Count == 0)
            throw CliErrors.NoTagsToList(repository.Location);
        if (parsed.GetValue(_names) && parsed.GetValue(_format) == ReportFormat.Table)
        {
            foreach (var tag in tags)
                context.Out.WriteLine(tag);
            return ExitCodes.Success;
        }

        var rows = parsed.GetValue(_names)
            ? [.. tags.Select(tag => new ListedTag(tag))]
            : await ReadAsync(CachedRegistryClient.OfUser(session).Open(location.Address, location.Repository), tags, cancellationToken);
        var format = parsed.GetValue(_format);
        var report = Describe(repository.Location, rows);
        if (ImageTable.IsNarrow(context.Report, format, report))
            report = DescribeNarrow(repository.Location, rows);
        ReportOutput.Write(context.Report, format, report, Document(repository.Location, rows));

        // What could not be read must not look complete to a script.
        return rows.Any(row => row.Problem is not null) ? ExitCodes.Failure : ExitCodes.Success;
    }

    // Lists of referrers where a registry has no API for them, and what cosign stores.
    private static bool IsTechnical(string tag) => DigestTags.IsDigestTag(tag) || ReferrerTag().IsMatch(tag);

    private static Regex Pattern(string glob) => new(
        $"\\A{Regex.Escape(glob).Replace("\\*", ".*", StringComparison.Ordinal).Replace("\\?", ".", StringComparison.Ordinal)}\\z",
        RegexOptions.CultureInvariant | RegexOptions.NonBacktracking);

    private static async Task<IReadOnlyList<ListedTag>> ReadAsync(
        IImageRepository repository, IReadOnlyList<string> tags, CancellationToken cancellationToken)
    {
        var rows = new ConcurrentDictionary<string, ListedTag>(StringComparer.Ordinal);
        var options = new ParallelOptions { MaxDegreeOfParallelism = ConcurrentTags, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(
            tags, options, async (tag, token) => rows[tag] = await ListedTag.ReadAsync(repository, tag, token));
        return [.. tags.Select(tag => rows[tag])];
    }

    private static TextReport Describe(string location, IReadOnlyList<ListedTag> rows) => new(
        $"Tags of {location}",
        [
            new ReportTable(
                [new("tag"), new("digest"), new("created", 1), new("platforms", 2), new("size", 3)],
                [
                    .. rows.Select(row => (IReadOnlyList<ReportText>)
                    [
                        new(row.Tag),
                        row.Problem is { } problem ? new(problem, ReportTone.Bad) : new(row.Digest?.ToString() ?? "") { IsCode = true },
                        new(row.Created is { } created ? Format.Time(created) : ""),
                        new(string.Join(", ", row.Platforms)),
                        new(row.Bytes is { } bytes ? Format.Bytes(bytes) : ""),
                    ]),
                ]),
            new ReportList(rows.Count > 0 ? [] : [new ReportItem(new ReportText($"No tag of {location} matches."))]),
        ]);

    private static TextReport DescribeNarrow(string location, IReadOnlyList<ListedTag> rows) => new(
        $"Tags of {location}",
        [
            new ReportList(
            [
                .. rows.Select(row => new ReportItem(new ReportText(Join(
                    row.Tag, row.Created is { } created ? Format.Time(created) : "", string.Join(", ", row.Platforms))))
                {
                    Details = row.Problem is { } problem ? [new(problem, ReportTone.Bad)]
                        : row.Digest is { } digest ? [new($"{digest}") { IsCode = true }]
                        : [],
                }),
            ]),
        ]);

    private static string Join(params string[] parts) => string.Join("  ", parts.Where(part => part.Length > 0));

    private static JsonObject Document(string location, IReadOnlyList<ListedTag> rows) => new()
    {
        ["schema"] = 1,
        ["location"] = location,
        ["tags"] = new JsonArray(
        [
            .. rows.Select(row => (JsonNode)new JsonObject
            {
                ["tag"] = row.Tag,
                ["digest"] = row.Digest?.ToString(),
                ["mediaType"] = row.MediaType,
                ["created"] = row.Created is { } created ? Format.Rfc3339(created) : null,
                ["platforms"] = new JsonArray([.. row.Platforms.Select(platform => (JsonNode)platform)]),
                ["bytes"] = row.Bytes,
                ["problem"] = row.Problem,
            }),
        ]),
    };

    [GeneratedRegex(
        @"\Asha(256|512)-[0-9a-f]{64}\z",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex ReferrerTag();
}
