using System.Globalization;

namespace Perennial.Hub.Queries;

/// <summary>Why a query is refused.</summary>
/// <param name="Position">Where in the text, in characters from 1; 0 for the text as a whole.</param>
/// <param name="Message">What is wrong there.</param>
/// <param name="Remedy">What to write instead.</param>
public sealed record QueryFault(int Position, string Message, string Remedy)
{
    public override string ToString() => Position == 0
        ? $"{Message} {Remedy}"
        : string.Create(CultureInfo.InvariantCulture, $"At character {Position}: {Message} {Remedy}");
}
