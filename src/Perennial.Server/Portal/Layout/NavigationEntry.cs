using Perennial.Server.Users;

namespace Perennial.Server.Portal.Layout;

/// <summary>One line of the navigation.</summary>
/// <param name="Path">Where it leads.</param>
/// <param name="Title">What it says.</param>
/// <param name="Icon">The path of its picture, in a square of 20.</param>
/// <param name="Least">Who sees it.</param>
public sealed record NavigationEntry(string Path, string Title, string Icon, UserRole Least = UserRole.Reader);
