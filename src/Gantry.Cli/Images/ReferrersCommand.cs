using System.CommandLine;
using System.Text.Json.Nodes;
using Gantry.Display;
using Gantry.Formatting;
using Gantry.Oci;
using Gantry.Registries;

namespace Gantry.Cli.Images;

/// <summary><c>gantry referrers</c>: lists what refers to an image: signatures, SBOMs, attestations, records.</summary>
internal sealed class ReferrersCommand
{
    private readonly ImageArguments _image = new("The image whose referrers are listed.");
    private readonly Option<string?> _type = new("--type")
    {
        Description = "Only referrers whose artifact type or predicate type contains this text.",
        HelpName = "text",
    };

    private readonly Option<bool> _nested = new("--nested")
    {
        Description = "Also list what refers to the images of an index, and to the referrers themselves.",
    };

    private readonly Option<ReportFormat> _format = SeeingArguments.CreateFormat();

    public static Command Create(CommandContext context) => new ReferrersCommand().CreateCommand(context);

    private Command CreateCommand(CommandContext context)
    {
        var command = new Command("referrers", "Lists what refers to an image: signatures, SBOMs, attestations and records.")
        {
            _type, _nested, _format,
        };
        _image.AddTo(command);
        command.SetAction((parsed, cancellationToken) => RunAsync(context, parsed, cancellationToken));
        return command;
    }

    private async Task<int> RunAsync(CommandContext context, ParseResult parsed, CancellationToken cancellationToken)
    {
        await using var session = _image.Open(context, parsed);
        var found = await _image.FindAsync(parsed, session, cancellationToken);
        var rows = await ListedReferrer.ReadAsync(found.Repository, found.Root, parsed.GetValue(_nested), cancellationToken);
        if (parsed.GetValue(_type) is { } type)
            rows = [.. rows.Where(row => row.Is(type))];
        var format = parsed.GetValue(_format);
        var report = Describe(found, rows);
        if (ImageTable.IsNarrow(context.Report, format, report))
            report = DescribeNarrow(found, rows);
        ReportOutput.Write(context.Report, format, report, Document(found, rows));
        return ExitCodes.Success;
    }

    private static TextReport Describe(FoundImage found, IReadOnlyList<ListedReferrer> rows) => new(
        $"Referrers of {found.Repository.Location}@{found.Digest}",
        [
            new ReportTable(
                [new("referrer"), new("type"), new("created", 1), new("refers to", 2)],
                [
                    .. rows.Select(row => (IReadOnlyList<ReportText>)
                    [
                        new(row.Descriptor.Digest.ToString()) { IsCode = true },
                        new(row.Kind),
                        new(row.Created is { } created ? Format.Time(created) : ""),
                        new(row.Subject == found.Digest ? "" : row.Subject.Short),
                    ]),
                ]),
            new ReportList(rows.Count > 0
                ? []
                : [new ReportItem(new ReportText($"Nothing refers to {found.Repository.Location}@{found.Digest}."))]),
        ]);

    private static TextReport DescribeNarrow(FoundImage found, IReadOnlyList<ListedReferrer> rows) => new(
        $"Referrers of {found.Repository.Location}@{found.Digest}",
        [
            new ReportList(
            [
                .. rows.Select(row => new ReportItem(new ReportText(
                    row.Created is { } created ? $"{row.Kind}  {Format.Time(created)}" : row.Kind))
                {
                    Details = [new(row.Descriptor.Digest.ToString()) { IsCode = true }],
                }),
            ]),
        ]);

    private static JsonObject Document(FoundImage found, IReadOnlyList<ListedReferrer> rows) => new()
    {
        ["schema"] = 1,
        ["location"] = found.Repository.Location,
        ["digest"] = found.Digest.ToString(),
        ["referrers"] = new JsonArray(
        [
            .. rows.Select(row => (JsonNode)new JsonObject
            {
                ["digest"] = row.Descriptor.Digest.ToString(),
                ["mediaType"] = row.Descriptor.MediaType,
                ["artifactType"] = row.Descriptor.ArtifactType,
                ["predicateType"] = row.PredicateType,
                ["size"] = row.Descriptor.Size,
                ["created"] = row.Created is { } created ? Format.Rfc3339(created) : null,
                ["subject"] = row.Subject.ToString(),
                ["annotations"] = new JsonObject((row.Descriptor.Annotations ?? new Dictionary<string, string>())
                    .Select(annotation => KeyValuePair.Create<string, JsonNode?>(annotation.Key, annotation.Value))),
            }),
        ]),
    };
}
