using System.Globalization;
using System.Net;
using Gantry.Http;
using Gantry.Oci;

namespace Gantry.Registries.Remote;

/// <summary>An upload that a registry has begun: the address where it continues, and its offset.</summary>
internal sealed class UploadSession
{
    private readonly RegistryHost _host;

    private UploadSession(RegistryHost host, Uri address, long minimumPiece)
    {
        _host = host;
        Address = address;
        MinimumChunkSize = minimumPiece;
    }

    public Uri Address { get; private set; }

    /// <summary>The number of bytes that the registry has received.</summary>
    public long Offset { get; private set; }

    /// <summary>The minimum size of a chunk, except for the last one.</summary>
    public long MinimumChunkSize { get; }

    public int Attempts { get; set; }

    /// <summary>
    /// True when this is the reference implementation, which most registries are built on: it keeps the state of an upload in its address,
    /// and its answer to a mount reliably shows whether the blob exists.
    /// </summary>
    public bool IsReferenceImplementation => Address.Query.Contains("_state=", StringComparison.Ordinal);

    public static UploadSession Begin(RegistryHost host, HttpAnswer response, string location, string what)
    {
        var address = response.Location
            ?? throw RegistryErrors.UnexpectedAnswer(location, what, "it begins an upload without saying where");
        var minimum = long.TryParse(response.Header("OCI-Chunk-Min-Length"), CultureInfo.InvariantCulture, out var length) ? length : 0;
        return new UploadSession(host, host.Continue(address), Math.Clamp(minimum, 0, int.MaxValue));
    }

    /// <summary>Returns the address that commits the blob.</summary>
    public Uri CommitAddress(Digest digest) =>
        HttpAddress.AddQuery(Address, $"digest={Uri.EscapeDataString(digest.ToString())}");

    /// <summary>Reads the state of an interrupted upload from an answer; returns false when the registry has lost it.</summary>
    public bool Continue(HttpAnswer response)
    {
        if (response.StatusCode is not (HttpStatusCode.NoContent or HttpStatusCode.OK or HttpStatusCode.Accepted))
            return false;

        // The reference implementation reports 0-0 for an empty upload.
        var range = response.Header("Range")?.Replace("bytes=", "", StringComparison.OrdinalIgnoreCase).Split('-');
        var last = range is ["0", var end] && long.TryParse(end, NumberStyles.None, CultureInfo.InvariantCulture, out var parsed)
            ? parsed
            : 0;
        Offset = last == 0 ? 0 : last + 1;
        Move(response);
        return true;
    }

    /// <summary>
    /// Notes that a chunk was accepted. The range in the answer is not used (ECR's is behind); a lost chunk is noticed when the whole blob
    /// is committed.
    /// </summary>
    public void Advance(HttpAnswer response, long length)
    {
        Offset += length;
        Move(response);
    }

    private void Move(HttpAnswer response)
    {
        if (response.Location is { } location)
            Address = _host.Continue(location);
    }
}
