using System.Text.Json.Serialization;
using Azure.Core;
using Gantry.Azure.ResourceManager;
using Gantry.Azure.SignIn;
using Gantry.Copying;
using Gantry.Oci;

namespace Gantry.Azure.Registries;

/// <summary>
/// Lets an Azure Container Registry import images from another one, so that no image data passes through this machine. An import copies an
/// image and everything that it lists, but not its referrers (signatures, SBOMs).
/// </summary>
/// <seealso href="https://learn.microsoft.com/rest/api/container-registry/registries/import-image">Registries, import image</seealso>
public sealed class AcrImport : IServerSideCopy
{
    private const string ApiVersion = "2023-07-01";

    // Small images are complete when the service responds. For others it may only report that the import has begun.
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Patience = TimeSpan.FromHours(1);

    private readonly AzureSession _azure;
    private readonly RegistryResources _resources;

    /// <summary>Creates an import. The sign-in happens when two Azure registries are involved for the first time.</summary>
    public AcrImport(AzureSession azure)
    {
        _azure = azure;
        _resources = new RegistryResources(ManagerOf);
    }

    /// <summary>True to fail when an image cannot be imported; otherwise it is copied.</summary>
    public bool IsRequired { get; init; }

    /// <summary>Returns the identity for a registry, by host; null for the default sign-in.</summary>
    public Func<string, AzureIdentity?> IdentityOf { get; init; } = _ => null;

    /// <summary>Returns the Azure resource id of a registry, by host; null to search for it.</summary>
    public Func<string, string?> ResourceIdOf { get; init; } = _ => null;

    /// <inheritdoc/>
    /// <exception cref="GantryException"><c>GAN9020</c>: the import is required and not possible; <c>GAN9019</c>: a declared resource id is
    /// not valid.</exception>
    public async Task<TransferResult?> CheckAsync(RegistryAddress from, RegistryAddress to, CancellationToken cancellationToken)
    {
        if (FindObstacle(from, to) is { } reason)
            return IsRequired ? throw AcrErrors.CannotImport(from, to, reason) : null;

        var (source, target) = ((HostAddress)from, (HostAddress)to);
        try
        {
            foreach (var registry in (HostAddress[])[source, target])
            {
                if (await FindResourceAsync(registry, cancellationToken) is null)
                    return Refuse(
                        from,
                        to,
                        $"the identity sees no Azure resource for the registry {registry.Host}: it needs the role Reader on the registry, "
                            + "or its id must be declared");
            }

            return new TransferResult(true, $"imported by {target.Host}");
        }
        catch (GantryException error) when (!IsRequired && error.Code != ArmErrors.MalformedIdCode)
        {
            // The details of every failed sign-in method do not matter to users of other credentials.
            return new TransferResult(false, error.Code == AzureErrors.NotSignedInCode ? "not signed in to Azure" : error.Problem);
        }
    }

    /// <inheritdoc/>
    /// <exception cref="GantryException"><c>GAN9013</c> and others: the import is required, and Azure refuses it.</exception>
    public async Task<TransferResult> CopyAsync(ServerSideCopyRequest item, CancellationToken cancellationToken)
    {
        var (source, target) = ((HostAddress)item.From, (HostAddress)item.To);
        try
        {
            var sourceId = await FindResourceAsync(source, cancellationToken) ?? throw AcrErrors.UnknownResource(source.Host);
            var targetId = await FindResourceAsync(target, cancellationToken) ?? throw AcrErrors.UnknownResource(target.Host);
            var what = $"importing {item.Target.Location}@{item.Digest} from {source.Host}";
            var seen = await ManagerOf(target.Host).RunAsync(
                RequestMethod.Post,
                targetId.Path + "/importImage",
                ApiVersion,
                new ImportRequest
                {
                    Source = new ImportSource
                    {
                        ResourceId = sourceId.Path,
                        SourceImage = $"{source.FullRepository(item.Image)}@{item.Digest}",
                    },
                    UntaggedTargetRepositories = [target.FullRepository(item.Image)],
                },
                AcrImportJson.Default.ImportRequest,
                what,
                cancellationToken);
            if (!seen)
                await WaitAsync(item, what, cancellationToken);
            return new TransferResult(true, $"imported by {target.Host}");
        }
        catch (GantryException error) when (!IsRequired)
        {
            return new TransferResult(false, error.Problem);
        }
    }

    private static string? FindObstacle(RegistryAddress from, RegistryAddress to)
    {
        foreach (var address in (RegistryAddress[])[from, to])
        {
            if (address is not HostAddress host || AzureCloud.OfRegistry(host.Host) is null)
                return $"{address} is not an Azure registry";
        }

        var (source, target) = (((HostAddress)from).Host, ((HostAddress)to).Host);
        if (source.Equals(target, StringComparison.OrdinalIgnoreCase))
            return "both are the same registry, within which blobs are mounted";
        if (AzureCloud.OfRegistry(source) != AzureCloud.OfRegistry(target))
            return $"they are in different clouds ({AzureCloud.OfRegistry(source)} and {AzureCloud.OfRegistry(target)})";
        return null;
    }

    private TransferResult Refuse(RegistryAddress from, RegistryAddress to, string reason) =>
        IsRequired ? throw AcrErrors.CannotImport(from, to, reason) : new TransferResult(false, reason);

    private async Task<ArmResourceId?> FindResourceAsync(HostAddress registry, CancellationToken cancellationToken) =>
        ResourceIdOf(registry.Host) is { } declared
            ? ArmResourceId.Parse(declared, RegistryResources.ResourceType)
            : await _resources.FindAsync(registry.Host, cancellationToken);

    private ArmClient ManagerOf(string host) => _azure.ResourceManager(IdentityOf(host), AzureCloud.OfRegistry(host)!);

    private async Task WaitAsync(ServerSideCopyRequest item, string what, CancellationToken cancellationToken)
    {
        var time = _azure.Options.TimeProvider;
        var started = time.GetTimestamp();
        while (!await item.Target.HasManifestAsync(item.Digest, cancellationToken))
        {
            if (time.GetElapsedTime(started) > Patience)
                throw ArmErrors.TimedOut(what, Patience);
            await Task.Delay(Pause, time, cancellationToken);
        }
    }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(ImportRequest))]
internal sealed partial class AcrImportJson : JsonSerializerContext;

/// <summary>The body of an import request.</summary>
internal sealed record ImportRequest
{
    public required ImportSource Source { get; init; }

    /// <summary>Repositories that get the image without a tag.</summary>
    public required IReadOnlyList<string> UntaggedTargetRepositories { get; init; }

    /// <summary>Never overwrites anything.</summary>
    public string Mode { get; init; } = "NoForce";
}

/// <summary>The source of an import.</summary>
internal sealed record ImportSource
{
    public required string ResourceId { get; init; }

    public required string SourceImage { get; init; }
}
