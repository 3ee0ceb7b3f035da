using System.CommandLine;
using System.Text.Json.Nodes;
using Gantry.Oci;

namespace Gantry.Cli.Images;

/// <summary><c>gantry cat</c>: writes a manifest, a blob, a record or an attestation as it is stored.</summary>
internal sealed class CatCommand
{
    private readonly ImageArguments _image = new("The image.");
    private readonly Option<bool> _config = new("--config") { Description = "Write the configuration of the image." };
    private readonly Option<string?> _blob = new("--blob")
    {
        Description = "Write this blob, which a manifest of the image lists, verified.",
        HelpName = "digest",
    };

    private readonly Option<string?> _record = new("--record")
    {
        Description = "Write the records beside the image whose type contains this text: release, promotion, hold.",
        HelpName = "type",
    };

    private readonly Option<string?> _attestation = new("--attestation")
    {
        Description = "Write the statements of attestations beside the image whose predicate type contains this text: provenance, "
            + "verification_summary, cyclonedx. Their signatures are not verified.",
        HelpName = "type",
    };

    private readonly Option<OutputFormat> _format = new("--format")
    {
        Description = "The format: text for the documents as they are stored (the default), or json for one document that holds them.",
        HelpName = "text|json",
    };

    public static Command Create(CommandContext context) => new CatCommand().CreateCommand(context);

    private Command CreateCommand(CommandContext context)
    {
        var command = new Command(
            "cat",
            "Writes the manifest of an image as it is stored; or its configuration, a blob, or the records and attestations beside it.")
        {
            _config, _blob, _record, _attestation, _format,
        };
        _image.AddTo(command);
        command.Validators.Add(result =>
        {
            if (new Option[] { _config, _blob, _record, _attestation }.Count(option => result.GetResult(option) is not null) > 1)
                result.AddError("Only one of --config, --blob, --record and --attestation can be written at once");
            if (result.GetResult(_blob) is not null && result.GetResult(_format) is { Implicit: false })
                result.AddError("A blob has no other format than its own, so that --format and --blob do not go together");
        });
        command.SetAction((parsed, cancellationToken) => RunAsync(context, parsed, cancellationToken));
        return command;
    }

    private async Task<int> RunAsync(CommandContext context, ParseResult parsed, CancellationToken cancellationToken)
    {
        await using var session = _image.Open(context, parsed);
        var found = await _image.FindAsync(parsed, session, cancellationToken);
        if (parsed.GetValue(_blob) is { } blob)
            return await WriteBlobAsync(context, found, Digest.Parse(blob), cancellationToken);
        var problems = new List<GantryException>();
        var documents = await ReadAsync(parsed, found, problems, cancellationToken);
        if (parsed.GetValue(_attestation) is not null)
            context.Remark("The signatures are not verified here: gantry verify does that.");
        if (parsed.GetValue(_format) == OutputFormat.Json)
            context.Out.WriteJson(Document(found, documents));
        foreach (var document in parsed.GetValue(_format) == OutputFormat.Json ? [] : documents)
            context.WriteStored(document.Content, $"{found.Repository.Location}@{document.Digest}", endsLine: documents.Count > 1);
        foreach (var problem in problems)
            context.Write(parsed, problem, problem.Message);
        return problems.Count > 0 ? ExitCodes.Failure : ExitCodes.Success;
    }

    private async Task<IReadOnlyList<StoredDocument>> ReadAsync(
        ParseResult parsed, FoundImage found, List<GantryException> problems, CancellationToken cancellationToken)
    {
        if (parsed.GetValue(_config))
        {
            var config = await ImageConfiguration.ReadAsync(found.Repository, found.Root, cancellationToken)
                ?? throw CliErrors.NoConfiguration(found.Repository.Location, found.Digest);
            var descriptor = found.Root.ReadManifest().Config;
            return [new StoredDocument(descriptor.Digest, descriptor.MediaType, config.Bytes)];
        }

        if (parsed.GetValue(_record) is { } record)
            return await StoredDocument.ReadRecordsAsync(found, record, problems, cancellationToken);
        if (parsed.GetValue(_attestation) is { } attestation)
            return await StoredDocument.ReadStatementsAsync(found, attestation, problems, cancellationToken);
        return [new StoredDocument(found.Digest, found.Root.Descriptor.MediaType, found.Root.Bytes)];
    }

    // The size is needed, too, to verify it; only what lists the blob says it.
    private static async Task<int> WriteBlobAsync(
        CommandContext context, FoundImage found, Digest digest, CancellationToken cancellationToken)
    {
        var blob = await BlobFinder.FindAsync(found, digest, cancellationToken)
            ?? throw CliErrors.NotListed(found.Repository.Location, found.Digest, digest);
        await using var content = await found.Repository.OpenBlobAsync(blob, cancellationToken);
        await context.WriteStoredAsync(content, $"{found.Repository.Location}@{digest}", cancellationToken);
        return ExitCodes.Success;
    }

    private static JsonObject Document(FoundImage found, IReadOnlyList<StoredDocument> documents) => new()
    {
        ["schema"] = 1,
        ["location"] = found.Repository.Location,
        ["digest"] = found.Digest.ToString(),
        ["documents"] = new JsonArray(
        [
            .. documents.Select(document => (JsonNode)new JsonObject
            {
                ["digest"] = document.Digest.ToString(),
                ["type"] = document.Type,
                ["content"] = document.ToJson(found.Repository.Location),
            }),
        ]),
    };
}
