using System.Text.Json.Nodes;

namespace Gantry.Testing.AzureDevOps;

/// <summary>What the service refuses, as it writes it.</summary>
public sealed class ServiceRefusalException(int status, string typeKey, string message) : Exception(message)
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

    public static ServiceRefusalException Malformed(string message) => new(400, "InvalidArgumentValueException", message);
}
