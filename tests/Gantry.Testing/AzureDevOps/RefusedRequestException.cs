using System.Text.Json.Nodes;

namespace Gantry.Testing.AzureDevOps;

/// <summary>A refusal, in the service's format.</summary>
public sealed class RefusedRequestException(int status, string typeKey, string message) : Exception(message)
{
    public int Status => status;

    public JsonObject ToJson() => new()
    {
        ["$id"] = "1",
        ["innerException"] = null,
        ["message"] = Message,
        ["typeName"] = $"Microsoft.TeamFoundation.{typeKey}, Microsoft.TeamFoundation",
        ["typeKey"] = typeKey,
        ["errorCode"] = 0,
        ["eventId"] = 3000,
    };

    public static RefusedRequestException Malformed(string message) => new(400, "InvalidArgumentValueException", message);
}
