using System.CommandLine;
using Gantry.Copying;
using Gantry.Formatting;
using Gantry.Oci;
using Gantry.Registries;
using Gantry.Verification;

namespace Gantry.Cli;

/// <summary>
/// The options of the commands that read what is where: the declaration of the environments, from a file or from beside an image, hosts
/// without TLS, and the format.
/// </summary>
internal sealed class SeeingArguments
{
    private const string Declaration =
        "The declaration of the environments and their keys: the file that the target ExportEnvironments of the build writes "
            + "(its name ends with .json), or an image beside which that target has stored it. Keys from a registry are only as "
            + "trustworthy as that registry, unless the image is named by the digest of the declaration.";

    private readonly Option<string?> _environments;

    private readonly Option<ReportFormat> _format;

    private readonly Option<string[]> _plainHttp = CopyArguments.CreatePlainHttp();

    private SeeingArguments(Option<string?> environments, Option<ReportFormat>? format = null)
    {
        _environments = environments;
        _format = format ?? CreateFormat();
    }

    /// <summary>Creates the options of a command that needs a declaration.</summary>
    public SeeingArguments()
        : this(hasChecks: false)
    {
    }

    private SeeingArguments(bool hasChecks)
        : this(
            new Option<string?>("--environments")
            {
                Description = Declaration,
                HelpName = "file or image",
                DefaultValueFactory = _ => CopyArguments.DefaultEnvironments,
            },
            hasChecks ? CreateCheckFormat() : null)
    {
    }

    /// <summary>Creates the options of a command that needs a declaration, and whose report has checks.</summary>
    public static SeeingArguments WithChecks() => new(hasChecks: true);

    /// <summary>Creates the options of a command that does something else without a declaration.</summary>
    /// <param name="purpose">What the command does with one, as one sentence.</param>
    public static SeeingArguments Optional(string purpose) =>
        new(new Option<string?>("--environments") { Description = $"{purpose} {Declaration}", HelpName = "file or image" });

    /// <summary>Creates the option for the format of a report without checks.</summary>
    public static Option<ReportFormat> CreateFormat()
    {
        var format = new Option<ReportFormat>("--format")
        {
            Description = "The format of the result: a table for people (the default), json for programs, or markdown.",
            HelpName = "table|json|markdown",
        };
        format.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && Enum.TryParse<ReportFormat>(token.Value, ignoreCase: true, out var named)
                && named.NeedsChecks())
                result.AddError($"--format {token.Value} is for plans, verifications and drift: use table, json or markdown.");
        });
        return format;
    }

    /// <summary>Creates the option for the format of a report with checks.</summary>
    public static Option<ReportFormat> CreateCheckFormat() => new("--format")
    {
        Description = "The format of the result: a table for people (the default), json for programs, markdown, "
            + "or the checks in it as junit or sarif.",
        HelpName = "table|json|markdown|junit|sarif",
    };

    /// <summary>Returns the name of a declaration file; null when the declaration is beside an image.</summary>
    public string? FileOf(ParseResult parsed) =>
        parsed.GetValue(_environments) is { } given && (given.EndsWith(".json", StringComparison.OrdinalIgnoreCase) || File.Exists(given))
            ? given
            : null;

    /// <summary>Adds the options to a command that writes a report.</summary>
    public void AddTo(Command command)
    {
        AddSourcesTo(command);
        command.Options.Add(_format);
    }

    /// <summary>Adds the options to a command whose result has one format.</summary>
    public void AddSourcesTo(Command command)
    {
        command.Options.Add(_environments);
        command.Options.Add(_plainHttp);
    }

    /// <summary>Returns the format.</summary>
    public ReportFormat Format(ParseResult parsed) => parsed.GetValue(_format);

    /// <summary>Opens registries for one command.</summary>
    public RegistrySession Open(CommandContext context, ParseResult parsed) => context.Open(parsed, parsed.GetValue(_plainHttp) ?? []);

    /// <summary>Reads the declaration.</summary>
    public async Task<VerificationPolicy> ReadPolicyAsync(
        CommandContext context, ParseResult parsed, RegistrySession session, CancellationToken cancellationToken) =>
        (await ReadDocumentAsync(context, parsed, session, cancellationToken)).Policy;

    /// <summary>Reads the declaration, with the document that it is in.</summary>
    public Task<(PolicyDocument Document, VerificationPolicy Policy)> ReadDocumentAsync(
        CommandContext context, ParseResult parsed, RegistrySession session, CancellationToken cancellationToken) =>
        ReadAsync(context, parsed.GetRequiredValue(_environments)!, session, cancellationToken);

    /// <summary>Reads the declaration; null when none is named.</summary>
    public async Task<VerificationPolicy?> FindPolicyAsync(
        CommandContext context, ParseResult parsed, RegistrySession session, CancellationToken cancellationToken) =>
        parsed.GetValue(_environments) is { } given ? (await ReadAsync(context, given, session, cancellationToken)).Policy : null;

    private static async Task<(PolicyDocument Document, VerificationPolicy Policy)> ReadAsync(
        CommandContext context, string given, RegistrySession session, CancellationToken cancellationToken)
    {
        if (given.EndsWith(".json", StringComparison.OrdinalIgnoreCase) || File.Exists(given))
        {
            var document = await PolicyDocument.ReadFileAsync(given, cancellationToken);
            return (document, document.ToPolicy(given));
        }

        var location = await ArchivedImages.ResolveAsync(ImageText.Parse(given), session, cancellationToken);
        var found = await PolicyReferrer.FindAsync(
            session.Open(location.Address, location.Repository), location.Tag, location.Digest, cancellationToken);
        if (!found.IsPinned)
            context.Error.WriteLine(
                $"The environments and keys are those beside {given}: they are as trustworthy as that registry. Name {found.Pinned} to pin "
                    + "them.");
        return (found.Document, found.Document.ToPolicy(given));
    }
}
