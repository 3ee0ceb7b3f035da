using Google.Protobuf;

namespace Gantry.Docker;

/// <summary>What BuildKit tells about its progress: steps that begin, end or fail, and what they print.</summary>
/// <seealso href="https://github.com/moby/buildkit/blob/v0.13.0/api/services/control/control.proto">BuildKit, control.proto, StatusResponse</seealso>
internal sealed record BuildKitTrace(IReadOnlyList<BuildKitVertex> Vertexes, IReadOnlyList<BuildKitOutput> Outputs)
{
    private const int StatusVertexes = 1;
    private const int StatusLogs = 3;

    /// <summary>Reads a StatusResponse, or throws <see cref="InvalidProtocolBufferException"/>.</summary>
    public static BuildKitTrace Parse(byte[] message)
    {
        var vertexes = new List<BuildKitVertex>();
        var outputs = new List<BuildKitOutput>();
        foreach (var (field, bytes) in Fields(message))
        {
            if (field == StatusVertexes)
                vertexes.Add(BuildKitVertex.Parse(bytes!));
            else if (field == StatusLogs)
                outputs.Add(BuildKitOutput.Parse(bytes!));
        }

        return new BuildKitTrace(vertexes, outputs);
    }

    /// <summary>The fields of a message: the bytes of strings and messages, null for the rest.</summary>
    public static IEnumerable<(int Field, byte[]? Bytes)> Fields(byte[] message)
    {
        var input = new CodedInputStream(message);
        for (var tag = input.ReadTag(); tag != 0; tag = input.ReadTag())
        {
            if (WireFormat.GetTagWireType(tag) == WireFormat.WireType.LengthDelimited)
            {
                yield return (WireFormat.GetTagFieldNumber(tag), input.ReadBytes().ToByteArray());
            }
            else
            {
                input.SkipLastField();
                yield return (WireFormat.GetTagFieldNumber(tag), null);
            }
        }
    }
}

/// <summary>A step.</summary>
/// <param name="Digest">What identifies it within the build.</param>
/// <param name="Name">The instruction, with its stage: <c>[build 2/5] RUN make</c>.</param>
/// <param name="IsStarted">Whether it has begun.</param>
/// <param name="IsCached">Whether its result was there already.</param>
/// <param name="Error">Why it failed, or null.</param>
internal sealed record BuildKitVertex(string Digest, string Name, bool IsStarted, bool IsCached, string? Error)
{
    public static BuildKitVertex Parse(byte[] message)
    {
        var vertex = new BuildKitVertex("", "", IsStarted: false, IsCached: false, Error: null);
        foreach (var (field, bytes) in BuildKitTrace.Fields(message))
        {
            vertex = field switch
            {
                1 => vertex with { Digest = Text(bytes!) },
                3 => vertex with { Name = Text(bytes!) },
                // A false value is not written.
                4 => vertex with { IsCached = true },
                5 => vertex with { IsStarted = true },
                7 => vertex with { Error = Text(bytes!) is { Length: > 0 } error ? error : null },
                _ => vertex,
            };
        }

        return vertex;
    }

    private static string Text(byte[] bytes) => System.Text.Encoding.UTF8.GetString(bytes);
}

/// <summary>What a step prints.</summary>
/// <param name="Vertex">The step's digest.</param>
/// <param name="Text">A piece of output as it came; characters may be cut at its ends.</param>
internal sealed record BuildKitOutput(string Vertex, byte[] Text)
{
    public static BuildKitOutput Parse(byte[] message)
    {
        var output = new BuildKitOutput("", []);
        foreach (var (field, bytes) in BuildKitTrace.Fields(message))
        {
            output = field switch
            {
                1 => output with { Vertex = System.Text.Encoding.UTF8.GetString(bytes!) },
                4 => output with { Text = bytes! },
                _ => output,
            };
        }

        return output;
    }
}
