using System.CommandLine;
using Gantry.Copying;
using Gantry.Formatting;
using Gantry.Oci;
using Gantry.Registries;
using Gantry.Verification;

namespace Gantry.Cli;

/// <summary>The options of the commands that read what is where: the declaration of the environments, and the format.</summary>
internal sealed class SeeingArguments
{
    private readonly Option<string> _environments = new("--environments")
    {
        Description = "The declaration of the environments and their keys: the file that the target ExportEnvironments of the build writes "
            + "(its name ends with .json), or an image beside which that target has stored it. Keys from a registry are only as "
            + "trustworthy as that registry, unless the image is named by the digest of the declaration.",
        HelpName = "file or image",
        DefaultValueFactory = _ => CopyArguments.DefaultEnvironments,
    };

    private readonly Option<ReportFormat> _format = CreateFormat();

    private readonly Option<string[]> _plainHttp = CopyArguments.CreatePlainHttp();

    /// <summary>Creates the option for the format of a report.</summary>
    public static Option<ReportFormat> CreateFormat() => new("--format")
    {
        Description = "The format of the result: a table for people, json for programs, or markdown.",
        DefaultValueFactory = _ => ReportFormat.Table,
    };

    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { _environments, _format, _plainHttp })
            command.Options.Add(option);
    }

    /// <summary>Returns the format.</summary>
    public ReportFormat Format(ParseResult parsed) => parsed.GetValue(_format);

    /// <summary>Opens registries for one command.</summary>
    public RegistrySession Open(CommandContext context, ParseResult parsed) => context.Open(parsed, parsed.GetValue(_plainHttp) ?? []);

    /// <summary>Reads the declaration.</summary>
    public async Task<VerificationPolicy> ReadPolicyAsync(
        CommandContext context, ParseResult parsed, RegistrySession session, CancellationToken cancellationToken)
    {
        var given = parsed.GetRequiredValue(_environments);
        if (given.EndsWith(".json", StringComparison.OrdinalIgnoreCase) || File.Exists(given))
            return (await PolicyDocument.ReadFileAsync(given, cancellationToken)).ToPolicy(given);
        var location = await ArchivedImages.ResolveAsync(ImageLocation.Parse(given), session, cancellationToken);
        var found = await PolicyReferrer.FindAsync(
            session.Open(location.Address, location.Repository), location.Tag, location.Digest, cancellationToken);
        if (!found.IsPinned)
            context.Error.WriteLine(
                $"The environments and keys are those beside {given}: they are as trustworthy as that registry. Name {found.Pinned} to pin "
                    + "them.");
        return found.Document.ToPolicy(given);
    }
}
