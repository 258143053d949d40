namespace Perennial.Agent;

/// <summary>What whoever runs the agent can mend: the message names the thing and the remedy, and no secret.</summary>
internal sealed class AgentException : Exception
{
    public AgentException(string message)
        : base(message)
    {
    }

    public AgentException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
