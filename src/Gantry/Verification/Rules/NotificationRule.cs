using System.Text.Json;
using Gantry.Environments;

namespace Gantry.Verification.Rules;

/// <summary>A channel in a declaration file.</summary>
/// <param name="Kind">The kind: <c>slack</c> or <c>teams</c>.</param>
/// <param name="Url">The variable with the address.</param>
/// <param name="Events">What the channel is told.</param>
internal sealed record NotificationRule(string Kind, string Url, IReadOnlyList<string> Events)
{
    public static NotificationRule Of(Notification channel) => new(
        channel is SlackNotification ? "slack" : "teams",
        channel.Url,
        [.. Enum.GetValues<NotificationEvents>().Where(IsSingle).Where(each => channel.Events.HasFlag(each)).Select(NameOf)]);

    public Notification Read()
    {
        var events = Events.Aggregate(NotificationEvents.None, (all, name) => all | ReadEvent(name));
        return Kind switch
        {
            "slack" => Notification.Slack(Url) with { Events = events },
            "teams" => Notification.Teams(Url) with { Events = events },
            _ => throw new JsonException($"{Format.Refused(Kind)} is neither slack nor teams"),
        };
    }

    private static NotificationEvents ReadEvent(string name)
    {
        var found = Enum.GetValues<NotificationEvents>().Where(IsSingle).FirstOrDefault(each => NameOf(each) == name);
        return found != NotificationEvents.None ? found : throw new JsonException($"{Format.Refused(name)} is no event");
    }

    private static bool IsSingle(NotificationEvents events) => int.PopCount((int)events) == 1;

    private static string NameOf(NotificationEvents events) => JsonNamingPolicy.CamelCase.ConvertName(events.ToString());
}
