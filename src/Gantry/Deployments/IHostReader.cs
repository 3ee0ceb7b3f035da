using Gantry.Environments;
using Gantry.Oci;

namespace Gantry.Deployments;

/// <summary>
/// Reads what a host runs now, to compare it with what was promoted. A deployer implements it beside <see cref="IDeployer"/> when its
/// hosts can be read without a release; a host of another deployer is reported as not read.
/// </summary>
public interface IHostReader
{
    /// <summary>Reads the host and changes nothing; throws a coded error when it cannot be read.</summary>
    /// <param name="query">The host and the image.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    Task<HostReading> ReadAsync(HostQuery query, CancellationToken cancellationToken);
}

/// <summary>A host to read.</summary>
/// <param name="Deployment">The declaration of the host.</param>
/// <param name="Target">The registry that the host pulls from, with its environment and region.</param>
/// <param name="Image">The name of the image that the host runs.</param>
public sealed record HostQuery(Deployment Deployment, PromotionTarget Target, string Image);

/// <summary>What a host runs, as it says itself.</summary>
public sealed record HostReading
{
    /// <summary>The images: several while a host runs more than one revision; empty when it runs none.</summary>
    public required IReadOnlyList<HostImage> Images { get; init; }

    /// <summary>The reason why the host has not come to the end of a change, as part of a sentence; null when it has.</summary>
    public string? Unsettled { get; init; }

    /// <summary>True when that change has failed, so that it will not come to an end by itself.</summary>
    public bool HasFailed { get; init; }

    /// <summary>Returns a reading with one image, or with none.</summary>
    /// <param name="reference">The reference that the host is set to; null when there is none.</param>
    public static HostReading Of(string? reference) => new() { Images = reference is null ? [] : [new(reference)] };
}

/// <summary>An image that a host runs.</summary>
/// <param name="Reference">
/// The reference as the host has it: <c>contoso.azurecr.io/app@sha256:…</c>, <c>contoso.azurecr.io/app:1.4.2</c>, or a digest alone when
/// the host has no more.
/// </param>
public sealed record HostImage(string Reference)
{
    /// <summary>The part of the host that runs it: <c>revision contoso--7</c>; null when the host has no parts.</summary>
    public string? Part { get; init; }

    /// <summary>The time since which it runs there; null when the host does not say.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>The digest; null when the reference has none, so that a tag decides what is pulled.</summary>
    public Digest? Digest =>
        Reference.LastIndexOf('@') is >= 0 and var at && Oci.Digest.TryParse(Reference[(at + 1)..], out var digest)
            ? digest
            : Oci.Digest.TryParse(Reference, out var alone) ? alone : null;

    /// <summary>The name with its registry, without tag and digest; null when the host has only a digest.</summary>
    public string? Repository
    {
        get
        {
            if (Oci.Digest.TryParse(Reference, out _))
                return null;
            var name = Reference.LastIndexOf('@') is >= 0 and var at ? Reference[..at] : Reference;

            // The ':' of a port is before the last '/'.
            var colon = name.LastIndexOf(':');
            name = colon > name.LastIndexOf('/') ? name[..colon] : name;
            return name.Length > 0 ? name : null;
        }
    }
}
