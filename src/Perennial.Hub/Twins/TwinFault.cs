namespace Perennial.Hub.Twins;

/// <summary>Why a change to a twin is refused.</summary>
/// <param name="Kind">Decides the status that the peer sees.</param>
/// <param name="Message">Which rule was broken and where, for the peer.</param>
public sealed record TwinFault(TwinFaultKind Kind, string Message);

/// <summary>The kinds of fault.</summary>
public enum TwinFaultKind
{
    /// <summary>A name, value, or the shape breaks a rule.</summary>
    Invalid,

    /// <summary>A section would grow over its bound.</summary>
    TooLarge,

    /// <summary>The twin is not in the state that the request names.</summary>
    PreconditionFailed,
}
