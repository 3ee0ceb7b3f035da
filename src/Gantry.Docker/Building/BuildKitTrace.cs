using Google.Protobuf;

namespace Gantry.Docker.Building;

/// <summary>A progress message of BuildKit: steps that begin, end or fail, and their output.</summary>
/// <seealso href="https://github.com/moby/buildkit/blob/v0.13.0/api/services/control/control.proto">
/// BuildKit, control.proto, StatusResponse
/// </seealso>
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
                vertexes.Add(BuildKitVertex.Parse(bytes));
            else if (field == StatusLogs)
                outputs.Add(BuildKitOutput.Parse(bytes));
        }

        return new BuildKitTrace(vertexes, outputs);
    }

    /// <summary>Reads the fields of a message: the bytes of strings and messages, none for all others.</summary>
    public static IEnumerable<(int Field, byte[] Bytes)> Fields(byte[] message)
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
                yield return (WireFormat.GetTagFieldNumber(tag), []);
            }
        }
    }
}

/// <summary>A step.</summary>
/// <param name="Digest">The digest that identifies the step within the build.</param>
/// <param name="Name">The instruction, with its stage: <c>[build 2/5] RUN make</c>.</param>
/// <param name="IsStarted">True when the step has started.</param>
/// <param name="IsCached">True when the result of the step was already in the cache.</param>
/// <param name="Error">The reason why the step failed, or null.</param>
internal sealed record BuildKitVertex(string Digest, string Name, bool IsStarted, bool IsCached, string? Error)
{
    public static BuildKitVertex Parse(byte[] message)
    {
        var vertex = new BuildKitVertex("", "", IsStarted: false, IsCached: false, Error: null);
        foreach (var (field, bytes) in BuildKitTrace.Fields(message))
        {
            vertex = field switch
            {
                1 => vertex with { Digest = Text(bytes) },
                3 => vertex with { Name = Text(bytes) },
                // A false value is not written.
                4 => vertex with { IsCached = true },
                5 => vertex with { IsStarted = true },
                7 => vertex with { Error = Text(bytes) is { Length: > 0 } error ? error : null },
                _ => vertex,
            };
        }

        return vertex;
    }

    private static string Text(byte[] bytes) => System.Text.Encoding.UTF8.GetString(bytes);
}

/// <summary>A piece of the output of a step.</summary>
/// <param name="Vertex">The step's digest.</param>
/// <param name="Text">The output as it arrived; characters may be cut at both ends.</param>
internal sealed record BuildKitOutput(string Vertex, byte[] Text)
{
    public static BuildKitOutput Parse(byte[] message)
    {
        var output = new BuildKitOutput("", []);
        foreach (var (field, bytes) in BuildKitTrace.Fields(message))
        {
            output = field switch
            {
                1 => output with { Vertex = System.Text.Encoding.UTF8.GetString(bytes) },
                4 => output with { Text = bytes },
                _ => output,
            };
        }

        return output;
    }
}
