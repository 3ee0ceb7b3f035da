using System.CommandLine;
using Gantry.Attestations;
using Gantry.Checks;
using Gantry.Oci;
using Gantry.Registries;
using Gantry.Signing;
using Gantry.Verification;

namespace Gantry.Cli;

/// <summary>
/// <c>gantry verify</c> with a policy or a key: verifies what is signed beside an image, and not its bytes.
/// </summary>
internal sealed class ProofVerification
{
    private readonly Option<string?> _policy = new("--policy")
    {
        Description = "Verify the whole way of the image to this environment: how it was built, and each promotion in order.",
        HelpName = "environment",
    };

    private readonly Option<string> _environments = CopyArguments.CreateEnvironmentsFile();

    private readonly Option<string[]> _keys = new("--key")
    {
        Description = "A file with a public key: verify that it has signed a promotion of the image to the place.",
        HelpName = "file",
    };

    private readonly Option<string?> _place = new("--place")
    {
        Description = "The place that a promotion must be for, with --key [default: oci://REGISTRY/REPOSITORY; a folder has none].",
        HelpName = "uri",
    };

    private readonly Option<string> _verifier = new("--verifier")
    {
        Description = "The verifier that the key belongs to, with --key.",
        HelpName = "uri",
        DefaultValueFactory = _ => PredicateTypes.Verifier,
    };

    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { _policy, _environments, _keys, _place, _verifier })
            command.Options.Add(option);
        command.Validators.Add(result =>
        {
            var (policy, key) = (result.GetResult(_policy) is not null, result.GetResult(_keys) is not null);
            if (policy && key)
                result.AddError("Either --policy or --key: a policy has its own keys.");
            if (!key && (result.GetResult(_place) ?? result.GetResult(_verifier)) is { Implicit: false })
                result.AddError("--place and --verifier belong to --key.");
            if (!policy && result.GetResult(_environments) is { Implicit: false })
                result.AddError("--environments belongs to --policy.");
        });
    }

    /// <summary>Returns true when a policy or a key is given.</summary>
    public bool IsAsked(ParseResult parsed) => parsed.GetValue(_policy) is not null || parsed.GetValue(_keys) is { Length: > 0 };

    /// <summary>Verifies an image. Returns the exit code.</summary>
    public async Task<int> RunAsync(
        CommandContext context, ParseResult parsed, OutputFormat format, RegistrySession session, ImageLocation location,
        CancellationToken cancellationToken)
    {
        var repository = session.Open(location.Address, location.Repository);
        var digest = location.Digest
            ?? (await repository.FindManifestAsync(
                location.Tag ?? throw CliErrors.NoReference(repository.Location), cancellationToken))?.Descriptor.Digest
            ?? throw CliErrors.NoSuchTag(repository.Location, location.Tag!);
        return parsed.GetValue(_policy) is { } environment
            ? await VerifyPolicyAsync(context, parsed, format, session, repository, digest, environment, cancellationToken)
            : await VerifyPlaceAsync(context, parsed, format, repository, PlaceOf(parsed, location), digest, cancellationToken);
    }

    private async Task<int> VerifyPolicyAsync(
        CommandContext context, ParseResult parsed, OutputFormat format, RegistrySession session, IImageRepository repository,
        Digest digest, string environment, CancellationToken cancellationToken)
    {
        var file = parsed.GetRequiredValue(_environments);
        var policy = (await PolicyDocument.ReadFileAsync(file, cancellationToken)).ToPolicy(file).For(environment);
        var goal = policy.Targets.Where(target => target.Environment.Name.Equals(environment, StringComparison.OrdinalIgnoreCase)).ToList();
        var image = policy.Images.FirstOrDefault(name => goal.Exists(target => target.Address.Describe(name) == repository.Location))
            ?? throw CliErrors.NotOfEnvironment(repository.Location, environment, file);
        var chain = await new ReleaseChainReader(session, policy, context.Time).ReadAsync(image, digest, version: null, cancellationToken);
        if (format == OutputFormat.Json)
            context.Out.WriteJson(ReleaseChainDocument.Of([chain]));
        else if (format != OutputFormat.Text)
            context.WriteChecks(format, ReleaseChainChecks.Of([chain], file));
        else
            foreach (var line in ReleaseChainFormatter.Describe(chain))
                context.Out.WriteLine(line);

        // The gravest finding decides.
        return chain.Findings.Select(finding => finding.Kind).DefaultIfEmpty(ChainFindingKind.Ignored).Min() switch
        {
            ChainFindingKind.Invalid => ExitCodes.InvalidProof,
            ChainFindingKind.Broken => ExitCodes.BrokenChain,
            ChainFindingKind.Missing => ExitCodes.NoProof,
            ChainFindingKind.Bypassed => ExitCodes.Bypassed,
            _ => ExitCodes.Success,
        };
    }

    // The path of a folder says nothing about the environment that it is for.
    private string PlaceOf(ParseResult parsed, ImageLocation location) =>
        parsed.GetValue(_place)
        ?? (location.Address is HostAddress
            ? ResourceUri.For(location.Address, location.Repository, folder: "")
            : throw CliErrors.NoPlace(location.Address.Describe(location.Repository)));

    private async Task<int> VerifyPlaceAsync(
        CommandContext context, ParseResult parsed, OutputFormat format, IImageRepository repository, string place, Digest digest,
        CancellationToken cancellationToken)
    {
        var trust = new TrustPolicy
        {
            Keys = await new KeyFiles(".").ReadAsync(parsed.GetRequiredValue(_keys), cancellationToken),
            VerifierId = parsed.GetRequiredValue(_verifier),
        };
        try
        {
            var promotions = await PlaceVerifier.RequireAsync(
                repository, digest, trust, place, context.Time.GetUtcNow(), cancellationToken);
            if (format == OutputFormat.Json)
                context.Out.WriteJson(Documents.Of(promotions, place, digest));
            else if (format != OutputFormat.Text)
                context.WriteChecks(format, CommandChecks.Of(promotions, place));
            else
                foreach (var promotion in promotions)
                    context.Out.WriteLine(
                        $"{place}@{digest}: {promotion.Version} promoted to {promotion.Environment} at {Format.Time(promotion.Promoted)} "
                            + $"by {promotion.By}, signed with {promotion.Signature!.Key.Name}");
            return ExitCodes.Success;
        }
        catch (GantryException fault) when (fault.Code.StartsWith("GAN42", StringComparison.Ordinal))
        {
            if (format is OutputFormat.JUnit or OutputFormat.Sarif)
                context.WriteChecks(format, new CheckReport("verification", [Check.Of(place, $"promotion of {digest}", fault)]));
            context.Write(parsed, fault, CliRemedies.MessageOf(fault));
            return fault.Code is "GAN4201" or "GAN4211" ? ExitCodes.NoProof : ExitCodes.InvalidProof;
        }
    }
}
